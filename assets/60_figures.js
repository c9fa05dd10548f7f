/* Figures: table instead of graphic, files, pictures, one of a few at a time on phones. Which figures are shown as tables
   and which tab is in front stands in the address (`tabell`, `flik`); nothing here asks the server. */
(function () {
  "use strict";
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
    var others = window.lagesbild.own("tabell").filter(function (id) { return id !== figure.id; });
    setView(figure, table);
    window.lagesbild.setOwn("tabell", table ? others.concat(figure.id) : others);
    window.lagesbild.say(table ? "Tabellen visas." : "Diagrammet visas.");
  }

  function setView(figure, table) {
    if ((figure.dataset.view === "table") === table) { return; }
    if (table) { figure.dataset.view = "table"; } else { figure.removeAttribute("data-view"); }
    if (!table) { window.dispatchEvent(new Event("resize")); }   /* a chart drawn while hidden has no size */
  }

  /* The page as its address says: also after back and forward, and for who was sent a link. */
  function follow() {
    var tables = window.lagesbild.own("tabell");
    var tabs = window.lagesbild.own("flik");
    document.querySelectorAll("figure[id]").forEach(function (figure) {
      if (figure.querySelector(".toggle")) { setView(figure, tables.indexOf(figure.id) >= 0); }
    });
    document.querySelectorAll("[data-segments]").forEach(function (box) {
      var values = Array.prototype.map.call(box.querySelectorAll("[data-segment-choice]"), function (b) {
        return b.dataset.segmentChoice;
      });
      if (!box.dataset.first) { box.dataset.first = box.dataset.segments || values[0] || ""; }
      var chosen = values.find(function (value) { return tabs.indexOf(tab(box, value)) >= 0; });
      pick(box, chosen || box.dataset.first);
    });
  }

  function tab(box, value) { return (box.closest("figure") || box).id + "." + value; }

  function choose(box, value) {
    var mine = tab(box, "");
    var others = window.lagesbild.own("flik").filter(function (name) { return name.indexOf(mine) !== 0; });
    window.lagesbild.setOwn("flik", value === box.dataset.first ? others : others.concat(tab(box, value)));
    pick(box, value);
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

  document.addEventListener("lagesbild:shown", follow);
  document.addEventListener("lagesbild:address", follow);

  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : null;
    var button = target && target.closest("button");
    if (button && button.matches(".toggle")) { toggleTable(button); }
    if (button && button.matches("[data-picture]")) { picture(button); }
    if (button && button.matches("[data-segment-choice]")) {
      choose(button.closest("[data-segments]"), button.dataset.segmentChoice);
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
