// What pages do beyond HTML and htmx: keys, colours, counting, times. Every page works without this file.
// Keys are Mastodon's own, plus "g a" for the log and "i" to inspect a post; views/keys.go lists them for people.
"use strict";

const remember = (name, value) => { try { localStorage.setItem("orrery-" + name, value); } catch { /* forbidden */ } };
const remembered = (name) => { try { return localStorage.getItem("orrery-" + name); } catch { return null; } };

// Say something to those who listen rather than look.
const say = (sentence) => { const live = document.getElementById("live"); if (live) live.textContent = sentence; };

// Posts ------------------------------------------------------------------------------------------------------------

const posts = () => [...document.querySelectorAll("article.post")].filter((post) => post.checkVisibility());
const currentPost = () => document.activeElement?.closest?.("article.post") ?? null;

// What j and k walk through: posts, or the entries of the log that are in the open.
function stops() {
  const all = posts();
  return all.length > 0 ? all : [...document.querySelectorAll("tr.entry .say a")].filter((a) => a.offsetParent !== null);
}

// Where the reader is: what has the focus, else the entry that is open beside the list.
const currentStop = () => currentPost() ?? document.activeElement?.closest?.("tr.entry .say a") ?? document.querySelector("tr.entry[aria-selected=true] .say a");

function move(step) {
  const all = stops();
  if (all.length === 0) return;
  const at = all.indexOf(currentStop());
  const next = at < 0 ? firstInSight(all) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next].focus({ preventScroll: true });
  all[next].scrollIntoView({ block: "nearest" });
}

function firstInSight(all) {
  const i = all.findIndex((post) => post.getBoundingClientRect().bottom > 100);
  return i < 0 ? 0 : i;
}

// Press what the focused post offers under a name. Without a focused post, a page about one post means that one.
function press(act) {
  const post = currentPost() ?? document.querySelector("article.post.focused");
  const target = post?.querySelector(`[data-act="${act}"]`);
  if (!target || target.disabled || !target.checkVisibility()) return false;
  target.click();
  return true;
}

// Open what is behind a warning, all of it at once, or close it again.
function unfold() {
  const post = currentPost() ?? document.querySelector("article.post.focused");
  const warned = [...(post?.querySelectorAll("details.warned") ?? [])];
  if (warned.length === 0) return false;
  const open = !warned[0].open;
  for (const part of warned) part.open = open;
  return true;
}

// Keys -------------------------------------------------------------------------------------------------------------

const single = {
  j: () => move(1), k: () => move(-1),
  Enter: () => press("open"), o: () => press("open"), p: () => press("profile"),
  x: () => unfold(), e: () => press("media") || press("card"),
  r: () => reply(), b: () => press("boost"), f: () => press("favourite"), i: () => press("inspect"),
  n: () => write(), s: () => find(), "/": () => find(), "?": () => document.getElementById("legend")?.showModal(),
};
const places = { r: "/follow_requests", f: "/favourites", b: "/settings/blocks", m: "/settings/mutes" }; // besides those of the rail
let waitingForPlace = 0; // when "g" was pressed

function find() {
  const fields = [document.getElementById("log-q"), ...document.querySelectorAll("input[type=search]")]; // on a page of the log, its filter
  const field = fields.find((f) => f && f.offsetParent !== null);
  if (field) field.focus(); else if (document.querySelector(".find")) location.assign("/search");
}

function write() {
  const field = document.getElementById("compose-text");
  if (field) field.focus(); else if (document.querySelector('.rail a[href="/home"]')) location.assign("/home#compose");
}

// On the page of a post its answer is written in place.
function reply() {
  const post = currentPost() ?? document.querySelector("article.post.focused");
  const field = document.getElementById("compose-text");
  if (post?.classList.contains("focused") && field) field.focus(); else press("reply");
}

function go(key) {
  const link = [...document.querySelectorAll(".rail a[data-keys]")].find((a) => a.dataset.keys === "g " + key);
  if (link) link.click();
  else if (Object.hasOwn(places, key) && document.querySelector(".rail a[href='/home']")) location.assign(places[key]);
}

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
const pressable = (target) => target.closest?.("a, button, summary");

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.form?.id === "compose") {
    event.preventDefault();
    target.form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(target)) {
    if (key === "Escape") target.blur();
    return;
  }
  if (remembered("keys") === "off" && key !== "?") return;
  if (document.querySelector("dialog[open]")) return;
  if (Date.now() - waitingForPlace < 1500) {
    waitingForPlace = 0;
    event.preventDefault();
    go(key);
    return;
  }
  if (key === "g") { waitingForPlace = Date.now(); return; }
  if (key === "Enter" && pressable(target)) return;
  const act = Object.hasOwn(single, key) && single[key];
  if (act && act() !== false) event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-off]")) remember("keys", event.target.checked ? "off" : "on");
});

// Colours ----------------------------------------------------------------------------------------------------------

const themes = ["system", "light", "dark"];

function showTheme(button, theme) {
  if (theme === "system") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
  const words = theme === "system" ? "Colours: as the system" : "Colours: " + theme;
  button.setAttribute("aria-label", words);
  button.title = words;
}

function setUpTheme() {
  const button = document.querySelector("[data-theme-switch]");
  if (!button) return;
  let theme = themes.includes(remembered("theme")) ? remembered("theme") : "system";
  showTheme(button, theme);
  button.hidden = false;
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    remember("theme", theme);
    showTheme(button, theme);
    say(button.title);
  });
}

// Counting and times -----------------------------------------------------------------------------------------------

const segments = "Segmenter" in Intl ? new Intl.Segmenter() : null;
const lengthOf = (text) => segments ? [...segments.segment(text)].length : [...text].length;

// As the server counts: a link is 23, of a mention only the name.
function postLength(form) {
  const text = form.elements.status.value
    .replace(/https?:\/\/[^\s<>"]+/g, "x".repeat(23))
    .replace(/(^|[^\w/])(@\w+)@[\w.-]+(:\d+)?/g, "$1$2");
  return lengthOf(text) + lengthOf(form.elements.spoiler_text.value);
}

function countDown(form) {
  const shown = form?.querySelector("[data-count]");
  const field = form?.querySelector("[data-count-to]");
  if (!shown || !field) return;
  const left = Number(field.dataset.countTo) - postLength(form);
  shown.hidden = false;
  shown.textContent = String(left);
  shown.title = left < 0 ? `${-left} characters too many` : `${left} characters left`;
  shown.classList.toggle("over", left < 0);
  if (left < 0 && form.dataset.over !== "yes") say("The post is too long.");
  form.dataset.over = left < 0 ? "yes" : "no";
}

document.addEventListener("input", (event) => countDown(event.target.form));

// Chosen pictures are shown beside their words. Without scripts the name of the file has to do.
document.addEventListener("change", (event) => {
  const row = event.target.type === "file" ? event.target.closest("[data-attach]") : null;
  if (!row) return;
  row.querySelector("img")?.remove();
  const file = event.target.files[0];
  if (!file?.type.startsWith("image/")) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    const preview = document.createElement("img");
    preview.alt = "";
    preview.src = reader.result;
    row.prepend(preview);
  });
  reader.readAsDataURL(file);
});

function ago(time) {
  const minutes = Math.floor((Date.now() - time) / 60000);
  if (minutes < 1) return "now";
  if (minutes < 60) return minutes + " min";
  if (minutes < 24 * 60) return Math.floor(minutes / 60) + " h";
  return Math.floor(minutes / (24 * 60)) + " d";
}

// Times older than a week are dates and do not change. A lab's clock may stand elsewhere: then times stay as they came.
function refreshTimes() {
  const drawn = Date.parse(document.body.dataset.now ?? "");
  if (!(Math.abs(loadedAt - drawn) < 120000)) return;
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const at = Date.parse(time.dateTime);
    if (Date.now() - at < 7 * 24 * 3600 * 1000) time.textContent = ago(at);
  }
}
const loadedAt = Date.now();

// Menus close when something else is meant -------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("focusin", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Start ------------------------------------------------------------------------------------------------------------

function cursorAtEnd(field) {
  field.setSelectionRange(field.value.length, field.value.length);
}

function setUpCompose() {
  const form = document.getElementById("compose");
  if (!form) return;
  countDown(form);
  const field = document.getElementById("compose-text");
  if (location.hash === "#compose" || field.autofocus) field.focus();
  cursorAtEnd(field);
}

setUpTheme();
setUpCompose();
for (const box of document.querySelectorAll("[data-keys-off]")) box.checked = remembered("keys") === "off";
setInterval(refreshTimes, 30000);
document.addEventListener("htmx:afterSettle", (event) => { if (event.target.id === "compose") setUpCompose(); });

// Menus are walked with the arrows, too.
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]");
  if (!menu || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  event.preventDefault();
  menu.open = true;
  const items = [...menu.querySelectorAll(".menu-items :is(a, button)")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = items.indexOf(document.activeElement);
  items[(at < 0 ? (step > 0 ? 0 : items.length - 1) : at + step + items.length) % items.length]?.focus();
});

// A pressed button is drawn again by its answer; the hand that pressed it stays where it was, or on the post if it is gone.
document.addEventListener("htmx:afterSwap", (event) => {
  const act = event.detail.requestConfig?.elt?.querySelector?.("[data-act]")?.dataset.act;
  const post = act && document.getElementById(event.detail.target?.id ?? "");
  (post?.querySelector(`[data-act="${act}"]:not(:disabled)`) ?? post)?.focus({ preventScroll: true });
});
document.addEventListener("htmx:sendError", () => {
  document.getElementById("flash").innerHTML = '<p class="complaint" role="alert">The server did not answer. Check that it runs and that you are online, then try again.</p>';
});
