/* Light or dark before anything is painted: the visitor's choice, else what the computer asks for. */
(function () {
  "use strict";
  var chosen = null;
  try { chosen = window.localStorage.getItem("lagesbild-theme"); } catch (error) { /* storage may be closed: no choice */ }
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var root = document.documentElement;
  window.lagesbildTheme = {
    now: function () { return root.dataset.theme === "dark" ? "dark" : "light"; },
    chosen: function () { return chosen !== null; },
    choose: function (theme) {
      chosen = theme;
      root.dataset.theme = theme;
      try { window.localStorage.setItem("lagesbild-theme", theme); } catch (error) { /* lasts as long as the page */ }
    },
    follow: function (then) {
      dark.addEventListener("change", function (event) {
        if (chosen === null) { root.dataset.theme = event.matches ? "dark" : "light"; then(); }
      });
    }
  };
  root.dataset.theme = chosen === "dark" || chosen === "light" ? chosen : dark.matches ? "dark" : "light";
})();
