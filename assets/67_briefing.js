/* /rapporter: what takes time is asked for when the form stands there, and written into it as text. Comments stay in
   this tab until they are saved. */
(function () {
  "use strict";
  var asked = "";      // the choices that the preview was asked for
  var pages = 0;
  var page = 1;
  var KEEP = "lagesbild-kommentar-";

  function byId(id) { return document.getElementById(id); }

  function address(path, more) {
    var query = [byId("briefing").dataset.query, more || ""].filter(Boolean).join("&");
    return "/rapporter/" + path + (query ? "?" + query : "");
  }

  function fetchJson(path, options) {
    return fetch(path, options).then(function (answer) {
      return answer.json().then(function (told) {
        if (!answer.ok) { throw new Error(told.fel || "Det gick inte. Försök igen om en stund."); }
        return told;
      });
    });
  }

  function show(n) {
    page = Math.min(Math.max(1, n), pages);
    var img = byId("bf-img");
    img.src = address("sida/" + page + ".png");
    img.alt = "Sida " + page + " av " + pages + " i underlaget. Samma innehåll som text: öppna som webbsida.";
    img.hidden = false;
    byId("bf-wait").hidden = true;
    byId("bf-page").textContent = "Sida " + page + " av " + pages;
    byId("bf-prev").disabled = page <= 1;
    byId("bf-next").disabled = page >= pages;
  }

  function item(text, strong, name) {
    var li = document.createElement("li");
    li.className = name;
    if (strong) {
      var b = document.createElement("b");
      b.textContent = strong + " ";
      li.appendChild(b);
    }
    li.appendChild(document.createTextNode(text));
    return li;
  }

  function describe(told) {
    var list = byId("bf-checks");
    list.textContent = "";
    told.kontroller.forEach(function (text) { list.appendChild(item(text, "", "ok")); });
    told.varningar.forEach(function (text) { list.appendChild(item(text, "Att tänka på:", "mind")); });
    Object.keys(told.kommentarer).forEach(function (name) {
      var area = byId("kommentar-" + name);
      if (area && !area.value) { area.value = told.kommentarer[name]; }
    });
    openWritten();
    pages = told.sidor;
    show(1);
  }

  function openWritten() {
    document.querySelectorAll("#briefing textarea").forEach(function (area) {
      if (area.value) { area.closest("details").open = true; }
    });
  }

  function failed(error) {
    byId("bf-wait").hidden = false;
    byId("bf-wait").textContent = error.message;
    byId("bf-img").hidden = true;
    byId("bf-checks").textContent = "";
    byId("bf-checks").appendChild(item(error.message, "", "mind"));
  }

  function cell(row, made) {
    var td = document.createElement("td");
    td.appendChild(typeof made === "string" ? document.createTextNode(made) : made);
    row.appendChild(td);
  }

  function link(text, href) {
    var a = document.createElement("a");
    a.textContent = text;
    a.href = href;
    return a;
  }

  function list(told) {
    var body = byId("bf-saved");
    body.textContent = "";
    told.underlag.forEach(function (b) {
      var row = document.createElement("tr");
      cell(row, link(b.titel, b.adress));
      cell(row, b.sparat);
      cell(row, b.dataversion);
      cell(row, link("Skapa igen", b.igen));
      body.appendChild(row);
    });
    if (!told.underlag.length) { only("Inget är sparat ännu."); }
  }

  /* One row that says why there are none. */
  function only(text) {
    var row = document.createElement("tr");
    cell(row, text);
    row.firstChild.colSpan = 4;
    byId("bf-saved").replaceChildren(row);
  }

  function restore() {
    document.querySelectorAll("#briefing textarea").forEach(function (area) {
      try { area.value = window.sessionStorage.getItem(KEEP + area.name) || ""; } catch (error) { /* closed: not kept */ }
    });
    openWritten();
  }

  function start() {
    if (!byId("briefing")) { asked = ""; return; }
    var query = byId("briefing").dataset.query + "?";
    if (query === asked) { return; }
    asked = query;
    restore();
    fetchJson(address("om.json")).then(function (told) { if (asked === query && byId("briefing")) { describe(told); } })
      .catch(function (error) { if (asked === query && byId("briefing")) { failed(error); } });
    fetchJson("/rapporter/sparade.json").then(function (told) { if (byId("bf-saved")) { list(told); } })
      .catch(function (error) { if (byId("bf-saved")) { only(error.message); } });
    byId("bf-web").href = address("underlag.html", "visa");
  }

  function save() {
    var comments = {};
    document.querySelectorAll("#briefing textarea").forEach(function (area) { comments[area.name] = area.value; });
    byId("bf-said").textContent = "Sparar …";
    fetchJson("/rapporter/spara", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Lagesbild": "1" },
      body: JSON.stringify({ val: byId("briefing").dataset.query, kommentarer: comments })
    }).then(function (told) {
      /* kept with it now: written about these choices, and not to stand beside others */
      Object.keys(comments).forEach(function (name) {
        try { window.sessionStorage.removeItem(KEEP + name); } catch (error) { /* closed: not kept */ }
      });
      window.lagesbild.say("Underlaget är sparat.");
      window.lagesbild.go(told.adress);
    }).catch(function (error) { byId("bf-said").textContent = error.message; });
  }

  document.addEventListener("lagesbild:shown", start);

  document.addEventListener("input", function (event) {
    var area = event.target;
    if (!area.matches || !area.matches("#briefing textarea")) { return; }
    try { window.sessionStorage.setItem(KEEP + area.name, area.value); } catch (error) { /* closed: not kept */ }
  });

  document.addEventListener("change", function (event) {
    var box = event.target;
    if (box.matches && box.matches("input[data-go]")) { window.lagesbild.go(box.dataset.go); }
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button");
    if (!button) { return; }
    if (button.dataset.go) { window.lagesbild.go(button.dataset.go); }
    if (button.id === "bf-prev") { show(page - 1); }
    if (button.id === "bf-next") { show(page + 1); }
    if (button.id === "bf-save") { save(); }
  });
})();
