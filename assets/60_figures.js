/* Figures: table instead of graphic, files, pictures, one of a few at a time on phones. Nothing here asks the server. */
(function () {
  "use strict";
  var tables = {};   // figures shown as tables, by id: they stay so when the selection changes

  function closeMenus(except, refocus) {
    document.querySelectorAll(".dl[data-open]").forEach(function (menu) {
      if (menu === except) { return; }
      var button = menu.querySelector(".dl-open");
      menu.removeAttribute("data-open");
      button.setAttribute("aria-expanded", "false");
      if (refocus) { button.focus(); }
    });
  }

  function toggleTable(button) {
    var figure = button.closest("figure");
    var table = figure.dataset.view !== "table";
    tables[figure.id] = table;
    if (table) { figure.dataset.view = "table"; } else { figure.removeAttribute("data-view"); }
    if (!table) { window.dispatchEvent(new Event("resize")); }   /* a chart drawn while hidden has no size */
    window.lagesbild.say(table ? "Tabellen visas." : "Diagrammet visas.");
  }

  function toggleFiles(button) {
    var menu = button.closest(".dl");
    var open = !menu.hasAttribute("data-open");
    closeMenus(menu, false);
    button.setAttribute("aria-expanded", String(open));
    if (!open) { menu.removeAttribute("data-open"); return; }
    menu.setAttribute("data-open", "");
    menu.querySelector("a, .dlp button").focus();
  }

  function picture(button) {
    window.lagesbildPicture.download(button.closest("figure"), button.dataset.picture);
    closeMenus(null, true);
  }

  function pick(box, value) {
    box.dataset.segments = value;
    box.querySelectorAll("[data-segment-choice]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.segmentChoice === value));
    });
    box.querySelectorAll("[data-segment]").forEach(function (part) {
      part.toggleAttribute("data-off", part.dataset.segment !== value);
    });
  }

  document.addEventListener("lagesbild:elsewhere", function () { tables = {}; });

  document.addEventListener("lagesbild:shown", function () {
    document.querySelectorAll("figure[id]").forEach(function (figure) {
      if (tables[figure.id]) { figure.dataset.view = "table"; }
    });
    document.querySelectorAll("[data-segments]").forEach(function (box) {
      var buttons = Array.prototype.slice.call(box.querySelectorAll("[data-segment-choice]"));
      var kept = buttons.find(function (b) { return b.dataset.segmentChoice === box.dataset.segments; });
      var first = kept || buttons.find(function (b) { return b.getAttribute("aria-pressed") === "true"; }) || buttons[0];
      if (first) { pick(box, first.dataset.segmentChoice); }
    });
  });

  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : null;
    var button = target && target.closest("button");
    if (button && button.matches(".toggle")) { toggleTable(button); }
    if (button && button.matches("[data-picture]")) { picture(button); }
    if (button && button.matches("[data-segment-choice]")) {
      pick(button.closest("[data-segments]"), button.dataset.segmentChoice);
      window.dispatchEvent(new Event("resize"));   /* a map drawn while hidden has no size */
    }
    if (button && button.matches(".dl-open")) { toggleFiles(button); return; }
    if (!target || !target.closest(".dlp")) { closeMenus(null, false); }
    if (target && target.closest(".dlp a")) { closeMenus(null, true); }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && document.querySelector(".dl[data-open]")) { closeMenus(null, true); }
  });

  document.addEventListener("focusin", function (event) {
    var inside = event.target.closest && event.target.closest(".dl[data-open]");
    if (!inside) { closeMenus(null, false); }
  });

  document.addEventListener("lagesbild:leaving", function () { closeMenus(null, false); });
})();
