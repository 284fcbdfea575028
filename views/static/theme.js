// Sets the chosen colours before the page is drawn, so that it does not flash. Everything else is in app.js.
"use strict";
try {
  const theme = localStorage.getItem("orrery-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage may be forbidden: follow the system */ }
