/* Search beside a select with a long list: a combobox that asks the server and puts what is chosen into the select. */
(function () {
  "use strict";
  var byId = window.lagesbild.byId;
  var WAIT = 150;   /* ms after the last key */
  var timer = 0;
  var asked = 0;

  function field(node) { return node && node.matches && node.matches("input[data-find]") ? node : null; }
  function part(input, name) { return byId(input.id + "-" + name); }
  function options(input) { return Array.prototype.slice.call(part(input, "list").children); }

  function close(input) {
    asked += 1;
    window.clearTimeout(timer);
    part(input, "box").classList.remove("open");
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(input, chosen) {
    options(input).forEach(function (option) { option.setAttribute("aria-selected", String(option === chosen)); });
    if (!chosen) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  function show(input, found, more) {
    var list = part(input, "list");
    list.textContent = "";
    found.forEach(function (one, k) {
      var option = document.createElement("li");
      option.id = list.id + "-" + k;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = one.value;
      option.textContent = one.label;
      list.appendChild(option);
    });
    list.hidden = !found.length;
    part(input, "more").textContent = more;
    part(input, "box").classList.add("open");
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
    var many = found.length === 1 ? "En träff visas." : found.length ? found.length + " träffar visas." : "";
    window.lagesbild.say((many + " " + more).trim());
  }

  function ask(input) {
    var text = input.value.trim();
    if (!text) { close(input); return; }
    asked += 1;
    var mine = asked;
    window.fetch(input.dataset.find + "&q=" + encodeURIComponent(text), { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)));
    }).then(function (told) {
      if (mine === asked && input.isConnected) { show(input, told.found, told.more); }
    }).catch(function () {
      if (mine === asked && input.isConnected) { show(input, [], "Sökningen gick inte. Försök igen."); }
    });
  }

  function pick(input, option) {
    var select = byId(input.dataset.for);
    var known = Array.prototype.some.call(select.options, function (o) { return o.value === option.dataset.value; });
    if (!known) { select.add(new Option(option.textContent, option.dataset.value)); }
    select.value = option.dataset.value;
    input.value = "";
    close(input);
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("input", function (event) {
    var input = field(event.target);
    if (!input) { return; }
    window.clearTimeout(timer);
    timer = window.setTimeout(function () { ask(input); }, WAIT);
  });

  /* Before other keys' handlers: Escape closes the list, and only then the sheet around it */
  document.addEventListener("keydown", function (event) {
    var input = field(event.target);
    if (!input) { return; }
    var open = input.getAttribute("aria-expanded") === "true";
    var all = open ? options(input) : [];
    var at = all.findIndex(function (o) { return o.getAttribute("aria-selected") === "true"; });
    var by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && all.length) {
      event.preventDefault();
      mark(input, all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
    } else if (by && !open) {
      event.preventDefault();
      ask(input);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (all.length === 1 || at >= 0) { pick(input, all[Math.max(at, 0)]); }
    } else if (event.key === "Escape" && part(input, "box").classList.contains("open")) {
      event.stopPropagation();
      close(input);
    }
  }, true);

  document.addEventListener("mousedown", function (event) {   /* the field keeps the focus */
    if (event.target.closest && event.target.closest(".find-box")) { event.preventDefault(); }
  });

  document.addEventListener("click", function (event) {
    var option = event.target.closest && event.target.closest(".find-box [role=option]");
    if (option) { pick(option.closest(".find").querySelector("input"), option); }
  });

  document.addEventListener("focusout", function (event) {
    var input = field(event.target);
    if (input) { close(input); }
  });
})();
