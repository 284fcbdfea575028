// The live log: puts rows that the stream brings where they belong. The stream itself is htmx's; a row that is already
// there is replaced in its place, look-ups join the fold on top, and while the reader's hand is on the page nothing moves:
// what came is counted, and the button "N new" brings it in.
(() => {
  "use strict";
  const rows = document.getElementById("rows");
  if (!rows) return;
  const mostRows = 400;
  const say = document.querySelector("[data-said]");
  const live = document.querySelector("[data-live]");
  const pause = document.querySelector("[data-pause]");
  const waiting = document.querySelector("[data-waiting]");
  const list = rows.closest("section");
  const drawer = document.getElementById("drawer");
  const narrow = window.matchMedia("(max-width: 60rem)");
  let asked = false; // the reader pressed Pause
  let queue = [];
  let lost = 0; // what waited too long to be kept here: then the page is loaded anew
  let seen = 0; // the position that was told last: a stream that is opened anew begins where the page began

  const parse = (html) => {
    const t = document.createElement("template");
    t.innerHTML = html;
    return t.content.firstElementChild;
  };

  const scroller = () => (narrow.matches ? document.scrollingElement : list);
  const busy = () => {
    const chosen = window.getSelection();
    const focus = document.activeElement;
    return asked
      || scroller().scrollTop > 40
      || (chosen && !chosen.isCollapsed && rows.contains(chosen.anchorNode))
      || (focus && rows.contains(focus))
      || rows.querySelector("tr[aria-selected=true]") !== null
      || rows.querySelector("tr.fold details[open]") !== null;
  };

  // What is dropped at the bottom is to be found among the older entries.
  const trim = () => {
    if (rows.childElementCount <= mostRows) return;
    while (rows.childElementCount > mostRows) rows.lastElementChild.remove();
    const older = list.querySelector(".older");
    const last = [...rows.querySelectorAll("tr.entry")].pop();
    if (!older || !last) return;
    const link = older.querySelector("a") ?? document.createElement("a");
    const to = new URL(window.location.href);
    to.searchParams.set("before", last.id.replace("e-", ""));
    link.className = "btn";
    link.textContent = "Older";
    link.href = to.pathname + to.search;
    older.replaceChildren(link);
  };

  // place puts one row in; false when it only renewed a row that was there.
  const place = (html) => {
    const row = parse(html);
    if (!row) return false;
    const entry = row.matches("tr.entry") ? row : row.querySelector("tr.entry");
    const old = entry && document.getElementById(entry.id);
    if (old) {
      if (old.getAttribute("aria-selected")) entry.setAttribute("aria-selected", "true");
      old.replaceWith(entry);
      htmx.process(entry);
      return false;
    }
    const top = rows.firstElementChild;
    const key = row.dataset.fold;
    if (key && top && top.dataset.fold === key) {
      const summary = top.querySelector("summary");
      const n = Number(summary.dataset.count) + 1;
      summary.dataset.count = n;
      summary.textContent = summary.textContent.replace(/^\d+ look-ups?/, n + " look-ups");
      top.querySelector("tbody").prepend(entry);
      htmx.process(entry);
      return true;
    }
    rows.prepend(row);
    htmx.process(row);
    trim();
    const empty = document.querySelector("[data-empty]");
    if (empty) empty.remove();
    return true;
  };

  const show = () => {
    if (!live) return; // a page of older entries, or of a run that has ended
    const paused = busy();
    live.classList.toggle("paused", paused);
    live.textContent = paused ? "Paused" : "Live";
    pause.textContent = asked ? "Go on" : "Pause";
    waiting.hidden = queue.length === 0;
    waiting.querySelector("[data-waiting-count]").textContent = queue.length + lost;
  };

  // Those who listen hear how many came, and not more often than every five seconds.
  let untold = 0, telling = 0;
  const tell = (n) => {
    untold += n;
    if (untold === 0 || telling) return;
    telling = setTimeout(() => {
      say.textContent = untold === 1 ? "One new entry" : untold + " new entries";
      untold = telling = 0;
    }, 5000);
  };

  const flush = () => {
    if (lost > 0) {
      window.location.reload();
      return;
    }
    const news = queue.filter((html) => place(html)).length;
    queue = [];
    tell(news);
    show();
  };

  rows.addEventListener("htmx:sseBeforeMessage", (event) => {
    if (event.target !== rows) return;
    event.preventDefault(); // htmx would only ever insert
    if (event.detail.type === "reset") { // another log began, and nothing here is in it
      window.location.reload();
      return;
    }
    const position = Number(event.detail.lastEventId);
    if (position <= seen) return;
    seen = position;
    const row = parse(event.detail.data);
    const entry = row && (row.matches("tr.entry") ? row : row.querySelector("tr.entry"));
    if (entry && document.getElementById(entry.id)) {
      place(event.detail.data); // what is already in sight may say what became of it
      return;
    }
    if (busy()) {
      const at = entry ? queue.findIndex((html) => html.includes('id="' + entry.id + '"')) : -1;
      if (at >= 0) queue[at] = event.detail.data;
      else queue.push(event.detail.data);
      if (queue.length > mostRows) lost += queue.splice(0, 1).length;
      show();
      return;
    }
    tell(place(event.detail.data) ? 1 : 0);
  });

  const quit = () => rows.querySelectorAll("tr[aria-selected]").forEach((r) => r.removeAttribute("aria-selected"));

  // A row opens beside the list; where there is no room beside it, its own page opens.
  rows.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.target.closest("a[hx-get]");
    if (!link) return;
    if (narrow.matches) {
      event.preventDefault();
      window.location.assign(link.href);
      return;
    }
    quit();
    link.closest("tr").setAttribute("aria-selected", "true");
    show();
  });

  if (drawer) {
    drawer.addEventListener("htmx:afterSwap", () => drawer.focus({ preventScroll: true }));
    const closed = drawer.innerHTML;
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !drawer.querySelector(".sentence")) return;
      if (event.target.closest?.("input, select, textarea") || document.querySelector("dialog[open], details[data-menu][open]")) return;
      const link = rows.querySelector("tr[aria-selected=true] a") ?? rows.querySelector("tr.entry a");
      quit();
      drawer.innerHTML = closed;
      if (link) link.focus();
      show();
    });
  }

  if (!live) return;
  pause.hidden = false;
  pause.addEventListener("click", () => {
    asked = !asked;
    if (!asked) flush();
    show();
  });
  waiting.addEventListener("click", () => {
    asked = false;
    quit();
    rows.querySelectorAll("tr.fold details[open]").forEach((d) => { d.open = false; });
    flush();
    scroller().scrollTo({ top: 0 });
  });

  // The hand is off the page again: what waited comes in.
  const perhaps = () => { if (queue.length > 0 && !busy()) flush(); else show(); };
  list.addEventListener("scroll", perhaps, { passive: true });
  window.addEventListener("scroll", perhaps, { passive: true });
  document.addEventListener("selectionchange", perhaps);
  document.addEventListener("focusin", perhaps);
  rows.addEventListener("toggle", perhaps, true);
  document.body.addEventListener("htmx:sseError", () => { live.textContent = "Reconnecting"; });
  document.body.addEventListener("htmx:sseOpen", show);
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target === document.body) {
      event.preventDefault();
      pause.click();
    }
  });
})();
