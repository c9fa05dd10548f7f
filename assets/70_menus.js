/* Menu and selection on phones, light or dark, copied link. */
(function () {
  "use strict";
  var byId = window.lagesbild.byId;
  var INSIDE = "a[href], button, select, input";

  function setMenu(open, refocus) {
    var top = byId("top");
    var button = byId("menu-button");
    if (!top || !button) { return; }
    top.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    if (!open && refocus) { button.focus(); }
  }

  function sheet() { return byId("filter-form"); }

  function setSheet(open, refocus) {
    var form = sheet();
    if (!form || form.classList.contains("open") === open) { return; }
    var fields = byId("fields");
    form.classList.toggle("open", open);
    byId("pick").setAttribute("aria-expanded", String(open));
    document.documentElement.classList.toggle("sheet-open", open);
    if (open) {
      fields.setAttribute("role", "dialog");
      fields.setAttribute("aria-modal", "true");
      fields.setAttribute("aria-labelledby", "sheet-title");
      byId("sheet-close").focus();
    } else {
      ["role", "aria-modal", "aria-labelledby"].forEach(function (name) { fields.removeAttribute(name); });
      if (refocus) { byId("pick").focus(); }
    }
  }

  function forget() {   /* closed without "Visa": the selects show again what is shown */
    window.lagesbild.settle();
    document.querySelectorAll("select[data-param]").forEach(function (select) {
      var shown = select.parentElement.querySelector("b");
      if (shown && select.selectedOptions.length) { shown.textContent = select.selectedOptions[0].textContent; }
    });
  }

  function copied(button) {
    window.lagesbild.say("Länken är kopierad.");
    button.classList.add("done");
    window.setTimeout(function () { button.classList.remove("done"); }, 2000);
  }

  function copy(button) {
    var text = window.location.href;
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(function () { copied(button); }, function () { byHand(text, button); });
    } else {
      byHand(text, button);
    }
  }

  function byHand(text, button) {
    var field = document.createElement("textarea");
    field.value = text;
    field.className = "vh";
    document.body.appendChild(field);
    field.select();
    var done = document.execCommand("copy");
    field.remove();
    button.focus();
    if (done) { copied(button); } else { window.lagesbild.say("Länken kunde inte kopieras. Kopiera adressen i adressfältet."); }
  }

  window.lagesbild.copy = copy;

  function redraw() { window.dash_clientside.set_props("theme", { data: window.lagesbildTheme.now() }); }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button");
    if (event.target.id === "scrim") { forget(); setSheet(false, true); }
    if (!button) { return; }
    switch (button.id) {
      case "menu-button": setMenu(!byId("top").classList.contains("open"), false); break;
      case "theme-button":
        window.lagesbildTheme.choose(window.lagesbildTheme.now() === "dark" ? "light" : "dark");
        redraw();
        break;
      case "copy-link": copy(button); break;
      case "pick": setSheet(true, false); break;
      case "sheet-close": forget(); setSheet(false, true); break;
      case "sheet-apply": {
        var selects = Array.prototype.slice.call(sheet().querySelectorAll("select[data-param]"));
        setSheet(false, true);
        window.lagesbild.choose(selects);
        break;
      }
      default: break;
    }
  });

  document.addEventListener("keydown", function (event) {
    var open = sheet() && sheet().classList.contains("open");
    if (event.key === "Escape") {
      if (open) { forget(); setSheet(false, true); }
      else if (byId("top") && byId("top").classList.contains("open")) { setMenu(false, true); }
    }
    if (event.key === "Tab" && open) {   /* the sheet keeps the focus while it is open */
      var reachable = Array.prototype.filter.call(byId("fields").querySelectorAll(INSIDE), function (node) {
        return node.offsetParent !== null;
      });
      var first = reachable[0];
      var last = reachable[reachable.length - 1];
      if (event.shiftKey && document.activeElement === first) { event.preventDefault(); last.focus(); }
      else if (!event.shiftKey && document.activeElement === last) { event.preventDefault(); first.focus(); }
    }
  });

  document.addEventListener("lagesbild:leaving", function () { setMenu(false, false); setSheet(false, false); });
  window.matchMedia("(max-width: 767.98px)").addEventListener("change", function (query) {
    if (!query.matches) { forget(); setSheet(false, false); }
  });
  window.matchMedia("(max-width: 899.98px)").addEventListener("change", function (query) {
    if (!query.matches) { setMenu(false, false); }
  });
  window.lagesbildTheme.follow(redraw);
})();
