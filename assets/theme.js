/* Light or dark before anything is painted: the visitor's choice, else what the computer asks for. */
(function () {
  "use strict";
  var chosen = null;
  try { chosen = window.localStorage.getItem("lagesbild-theme"); } catch (error) { /* storage may be closed: no choice */ }
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var root = document.documentElement;
  var pairs = null;

  /* dark colour -> light colour, from the tokens' two blocks; a test sees to it that no dark one has two meanings */
  function colors() {
    if (pairs) { return pairs; }
    var blocks = {};
    Array.prototype.forEach.call(document.styleSheets, function (sheet) {
      var rules;
      try { rules = sheet.cssRules; } catch (error) { return; }
      Array.prototype.forEach.call(rules, function (rule) {
        if (!rule.style || !rule.style.getPropertyValue("--lb-ink")) { return; }
        blocks[/"dark"/.test(rule.selectorText) ? "dark" : "light"] = rule.style;
      });
    });
    pairs = {};
    Array.prototype.forEach.call(blocks.dark || [], function (name) {
      var from = blocks.dark.getPropertyValue(name).trim();
      var to = blocks.light.getPropertyValue(name).trim();
      if (/^#[0-9a-f]{6}$/i.test(from) && /^#[0-9a-f]{6}$/i.test(to)) { pairs[from.toUpperCase()] = to; }
    });
    return pairs;
  }

  window.lagesbildTheme = {
    now: function () { return root.dataset.theme === "dark" ? "dark" : "light"; },
    chosen: function () { return chosen !== null; },
    choose: function (theme) {
      chosen = theme;
      root.dataset.theme = theme;
      try { window.localStorage.setItem("lagesbild-theme", theme); } catch (error) { /* lasts as long as the page */ }
    },
    /* Whatever holds colours, with the dark theme's as the light one's: for paper and pictures. */
    light: function (value) {
      var text = JSON.stringify(value);
      if (this.now() !== "dark") { return JSON.parse(text); }
      var tokens = colors();
      function other(hex) { return tokens[hex.toUpperCase()] || hex; }
      return JSON.parse(text.replace(/#[0-9a-fA-F]{6}/g, other).replace(/%23([0-9a-fA-F]{6})/g, function (all, hex) {
        return "%23" + other("#" + hex).slice(1);
      }).replace(/rgba\((\d+), ?(\d+), ?(\d+),/g, function (all, r, g, b) {
        var hex = "#" + [r, g, b].map(function (n) { return ("0" + Number(n).toString(16)).slice(-2); }).join("");
        var to = tokens[hex.toUpperCase()];
        return to ? "rgba(" + [1, 3, 5].map(function (k) { return parseInt(to.slice(k, k + 2), 16); }).join(",") + "," : all;
      }));
    },
    follow: function (then) {
      dark.addEventListener("change", function (event) {
        if (chosen === null) { root.dataset.theme = event.matches ? "dark" : "light"; then(); }
      });
    }
  };
  root.dataset.theme = chosen === "dark" || chosen === "light" ? chosen : dark.matches ? "dark" : "light";
})();
