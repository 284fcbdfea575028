// News of a timeline: what comes in stands on top while the reader is there. While they are elsewhere nothing moves: what came is
// counted, and a button brings it in. Without this file a page shows news when it is loaded again.
(() => {
  "use strict";
  const bar = document.querySelector("[data-news]");
  const feed = document.getElementById("feed");
  if (!bar || !feed) return;
  const button = bar.querySelector("button");
  const most = 300; // posts that a page keeps
  const patience = 30000; // before a stream that was refused is asked for again
  let after = bar.dataset.after;
  let waiting = []; // cards, the newest last
  let many = false; // more came than the page can take up
  let source = null;
  let again = 0;
  let refused = 0;

  const card = (html) => {
    const t = document.createElement("template");
    t.innerHTML = html;
    return t.content.querySelector("article.post");
  };

  // The reader is at the top, and does nothing there that a new post would disturb.
  const atTop = () => {
    const chosen = window.getSelection();
    return window.scrollY < 40 && !feed.contains(document.activeElement) && !feed.querySelector("details[open]")
      && (!chosen || chosen.isCollapsed || !feed.contains(chosen.anchorNode));
  };

  const renew = (old, post) => {
    if (old.contains(document.activeElement) || old.querySelector("details[open]")) return;
    old.replaceWith(post);
    htmx.process(post);
  };

  const insert = (post) => {
    const old = document.getElementById(post.id);
    if (old) { renew(old, post); return; }
    feed.prepend(post);
    htmx.process(post);
    while (feed.childElementCount > most) feed.lastElementChild.remove();
  };

  const words = () => (many ? "Many new posts" : waiting.length === 1 ? "1 new post" : waiting.length + " new posts");

  // Many posts in a row are told once, with what is true at the end of the pause.
  let told = 0;
  let later = 0;
  const tell = (sentence) => {
    clearTimeout(later);
    const pause = told + 5000 - Date.now();
    if (pause > 0) { later = setTimeout(tell, pause, sentence); return; }
    told = Date.now();
    document.getElementById("live").textContent = sentence;
  };

  const show = () => {
    bar.hidden = waiting.length === 0 && !many;
    button.textContent = words();
  };

  const bringIn = () => {
    for (const post of waiting) insert(post);
    waiting = [];
    show();
  };

  const come = (post) => {
    if (!post) return;
    const old = document.getElementById(post.id);
    if (old) { renew(old, post); return; }
    waiting = waiting.filter((other) => other.id !== post.id);
    waiting.push(post);
    if (waiting.length > most) many = true;
    const sentence = words();
    if (atTop() && !many) bringIn(); else show();
    tell(sentence);
  };

  const open = () => {
    clearTimeout(again);
    if (source) return;
    source = new EventSource(bar.dataset.news + "&after=" + after);
    source.addEventListener("open", () => { refused = 0; });
    source.addEventListener("post", (event) => {
      if (event.lastEventId) after = event.lastEventId;
      come(card(event.data));
    });
    source.addEventListener("changed", (event) => {
      const post = card(event.data);
      const old = post && document.getElementById(post.id);
      if (old) renew(old, post);
      waiting = waiting.map((other) => (other.id === post?.id ? post : other));
    });
    source.addEventListener("gone", (event) => {
      document.getElementById(event.data)?.remove();
      waiting = waiting.filter((post) => post.id !== event.data);
      show();
    });
    source.addEventListener("many", () => { many = true; show(); tell(words()); });
    source.addEventListener("error", () => {
      if (!source || source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      source = null;
      refused += 1;
      if (refused < 5) again = setTimeout(open, patience);
    });
  };
  const close = () => { clearTimeout(again); source?.close(); source = null; };

  button.addEventListener("click", () => {
    if (many) { window.location.reload(); return; }
    const first = waiting.at(-1)?.id;
    bringIn();
    window.scrollTo({ top: 0 });
    document.getElementById(first)?.focus({ preventScroll: true });
  });
  const perhaps = () => { if (waiting.length > 0 && !many && atTop()) bringIn(); };
  window.addEventListener("scroll", perhaps, { passive: true });
  document.addEventListener("focusin", perhaps);

  // One's own post comes with the answer to the form; the stream may have been quicker.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    for (const post of event.detail.fragment?.querySelectorAll?.("article.post[id]") ?? []) {
      document.getElementById(post.id)?.remove();
      waiting = waiting.filter((other) => other.id !== post.id);
    }
    show();
  });

  // Browsers open few connections to one server, so a page that nobody looks at gives its own back.
  document.addEventListener("visibilitychange", () => { if (document.hidden) close(); else open(); });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", () => { if (!document.hidden) open(); });
})();
