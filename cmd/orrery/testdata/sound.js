// What every page owes to everybody, checked in one state of it: size of the window, light or dark. It returns sentences about
// what is wrong, each with its element and the figure. browser_look_test.go runs it.
(() => {
  const wrong = [], all = (css, in_ = document) => [...in_.querySelectorAll(css)];
  const words = (e) => e.textContent.replace(/\s+/g, " ").trim();
  const called = (e) => {
    const id = e.id ? "#" + e.id : "", classes = typeof e.className === "string" && e.className ? "." + e.className.trim().replace(/\s+/g, ".") : "";
    return `<${e.tagName.toLowerCase()}${id}${classes}> "${(words(e) || e.getAttribute("name") || "").slice(0, 40)}"`;
  };
  // In sight: drawn, and not only for those who listen.
  const seen = (e) => {
    if (!e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && !e.closest(".unseen");
  };

  // Structure
  if (all("h1").length !== 1) wrong.push(all("h1").length + " first headings");
  for (const [what, css] of [["main part", "main"], ["banner", "body > header"], ["navigation", "nav.rail"]])
    if (all(css).length !== 1) wrong.push(`${all(css).length} times the landmark ${what}`);
  if (document.querySelector("body :is(a, button)")?.getAttribute("href") !== "#main") wrong.push("the first link does not skip to the content");
  for (const e of all("nav, aside"))
    if (!e.getAttribute("aria-label") && !e.getAttribute("aria-labelledby")) wrong.push("a landmark without a name: " + called(e));
  if (!document.title || !document.documentElement.lang) wrong.push("no title or language");
  let level = 0;
  for (const h of all("main :is(h1, h2, h3, h4)")) {
    const l = Number(h.tagName[1]);
    if (l > level + 1) wrong.push(`heading ${l} after level ${level}: ${called(h)}`);
    level = l;
  }
  const ids = all("[id]").map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) wrong.push("the id " + id + " twice");
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"])
    for (const e of all(`[${attribute}]`))
      for (const id of e.getAttribute(attribute).trim().split(/\s+/))
        if (!document.getElementById(id)) wrong.push(`${attribute} of ${called(e)} names ${id}, which is not there`);

  // Names
  const spoken = (e) => {
    const by = (e.getAttribute("aria-labelledby") ?? "").split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean);
    if (by.length) return by.map(words).join(" ");
    if (e.getAttribute("aria-label")) return e.getAttribute("aria-label");
    const copy = e.cloneNode(true);
    for (const hidden of all("[aria-hidden=true]", copy)) hidden.remove();
    return words(copy) || all("img", copy).map((i) => i.alt).join("") || e.title;
  };
  for (const e of all("a[href], button, summary"))
    if (!e.closest("[aria-hidden=true]") && !spoken(e).trim()) wrong.push("no name: " + called(e));
  for (const e of all("input:not([type=hidden]), select, textarea, meter, progress"))
    if (!e.closest("[aria-hidden=true]") && !e.getAttribute("aria-hidden") && !e.getAttribute("aria-label") && !all("label").some((l) => l.control === e && words(l)))
      wrong.push("no label: " + called(e));
  for (const e of all("img")) if (!e.hasAttribute("alt")) wrong.push("no words for the picture " + e.src);
  for (const e of all("[tabindex]")) if (Number(e.getAttribute("tabindex")) > 0) wrong.push("an order of its own: " + called(e));

  // Colours, as the eye gets them: a canvas knows every notation.
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", { willReadFrequently: true }), mixed = new Map();
  const paint = (colour) => {
    if (!mixed.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      mixed.set(colour, [r, g, b, a / 255]);
    }
    return mixed.get(colour);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  // The grounds that e stands on: one colour, or those of a gradient.
  const known = new Map();
  const grounds = (e) => {
    if (!e) return [paint("#fff")]; // the body is painted
    if (!known.has(e)) {
      const style = getComputedStyle(e), own = paint(style.backgroundColor);
      const under = own[3] === 1 ? [own] : grounds(e.parentElement).map((g) => over(own, g));
      const stops = style.backgroundImage.includes("gradient") ? style.backgroundImage.match(/(rgba?|oklab|color)\([^)]*\)/g) ?? [] : [];
      known.set(e, stops.length ? stops.map((stop) => over(paint(stop), under[0])) : under);
    }
    return known.get(e);
  };
  const faint = (e) => { let o = 1; for (; e; e = e.parentElement) o *= Number(getComputedStyle(e).opacity); return o; };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)]; return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
  // The least contrast of a colour on what e stands on.
  const against = (colour, e, strength = 1) => {
    const [r, g, b, a] = paint(colour);
    return Math.min(...grounds(e).map((under) => contrast(over([r, g, b, a * strength], under), under)));
  };
  const readable = (e, style, what) => {
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const is = against(style.color, e, faint(e)), owes = large ? 3 : 4.5;
    if (is < owes) wrong.push(`${what} has a contrast of ${is.toFixed(2)}, owes ${owes}: ${called(e)}`);
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), done = new Set();
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || done.has(e) || e.closest("script, style, noscript, svg, option, :disabled")) continue;
    done.add(e);
    if (seen(e)) readable(e, getComputedStyle(e), "text");
  }
  for (const e of all("input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea, select")) {
    if (!seen(e) || e.disabled) continue;
    readable(e, getComputedStyle(e), "a field");
    if (e.placeholder) readable(e, getComputedStyle(e, "::placeholder"), "a hint");
    const edge = getComputedStyle(e), is = against(edge.borderTopColor, e.parentElement);
    if (edge.borderTopWidth !== "0px" && is < 3) wrong.push(`the edge of a field has a contrast of ${is.toFixed(2)}, owes 3: ${called(e)}`);
  }
  for (const e of all("svg.icon")) {
    if (!seen(e) || e.closest(":disabled")) continue;
    const is = against(getComputedStyle(e).color, e.parentElement);
    if (is < 3) wrong.push(`a sign has a contrast of ${is.toFixed(2)}, owes 3: ${called(e.parentElement)}`);
  }

  // Room: nothing sticks out at the side, and what is pressed is large enough to hit (24 by 24, WCAG 2.5.8; links in text excepted).
  const more = document.documentElement.scrollWidth - innerWidth;
  if (more > 0)
    wrong.push(`${more} px too wide: ` + all("body *").filter((e) => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 4).map(called).join(", "));
  for (const e of all("button, summary, select, input:not([type=hidden])")) {
    if (!seen(e)) continue;
    const box = (e.closest("label") ?? e).getBoundingClientRect();
    if (box.width < 24 || box.height < 24) wrong.push(`only ${Math.round(box.width)} by ${Math.round(box.height)} px to press: ${called(e)}`);
  }
  // Text that stands in a column of single letters.
  for (const e of done)
    if (seen(e) && words(e).length > 25 && e.getBoundingClientRect().width < 60) wrong.push(`only ${Math.round(e.getBoundingClientRect().width)} px wide: ${called(e)}`);
  // Text that is cut off where nothing says so.
  for (const e of all("h1, h2, .btn, .tabs a, label, dt, dd, td, .words"))
    if (seen(e) && getComputedStyle(e).overflowX === "hidden" && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).textOverflow !== "ellipsis")
      wrong.push(`cut off by ${e.scrollWidth - e.clientWidth} px: ${called(e)}`);
  // Cells of a table stand under the heads of their columns, where heads are to be seen.
  for (const table of all("table").filter((t) => t.tHead && seen(t.tHead)))
    for (const row of all(":scope > tbody > tr", table)) {
      const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
      if (row.cells.length !== heads.length) continue;
      const left = (e) => e.getBoundingClientRect().left;
      const astray = heads.findIndex((head, i) => seen(head) && seen(row.cells[i]) && Math.abs(left(head) - left(row.cells[i])) > 1);
      if (astray >= 0) { wrong.push(`not under the head of its column: ${called(row.cells[astray])}`); break; }
    }
  return wrong;
})()
