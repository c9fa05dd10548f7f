/* The view is the address. Links and selects write it; two small functions turn it into a question to the server
   and what comes back into title, live region and focus. */
(function () {
  "use strict";
  var asked = null;      // the last question, so that the address firing twice asks once
  var attempts = 0;      // when it was asked anew: a number that makes it another question
  var ask = window.fetch.bind(window);
  var UPDATE = "/_dash-update-component";
  var OUTPUTS = ["strip", "nav", "filters", "main", "foot"].map(function (id) { return { id: id, property: "children" }; })
    .concat({ id: "page", property: "data" });
  var awaited = null;    // the answer of the newest question
  var patience = null;
  var PATIENCE_MS = 400;
  var early = null;      // the question that was sent before Dash asked it, and the promise of its answer
  var shape = "";        // of the parts that #main is made of: another answer of the same comes in pieces
  var placed = {};       // the pieces as they were last put in place, as text: what stays the same is let alone
  var whole = "";        // the page that is shown, but for its scenario: another scenario asks for what it changes only
  var OWN = ["tabell", "flik"];   // kept in the address for the browser alone; the server is not asked about them
  var SCENARIO = /^((fler|inflode|skickas|till|tas_emot|fran_region|fran|langvantande)(_b)?|jamfor|inom)$/;
  var moved = false;     // a link to another page was followed: the reader is taken to its heading
  var told = false;      // the first page is not announced, later results are
  var retry = null;
  var focused = "";      // an answer makes its parts anew: the focus goes back to the part of the same name
  var RETRY_MS = 3000;

  var out = false;       // the session has ended while the page stood open, and the header says so

  function byId(id) { return document.getElementById(id); }

  function go(address) {
    window.history.pushState({}, "", address);
    var made = question();
    if (made) {
      askEarly(made);
      window.dash_clientside.set_props("view", { data: made });
    }
    window.setTimeout(function () { window.dispatchEvent(new CustomEvent("_dashprivate_pushstate")); }, 0);
  }

  /* Dash asks some 20 ms after it has been told of a question, and of the first page 0.1 s after this script is here. It is
     sent at once, and Dash gets that answer when it asks the same. */
  function askEarly(made) {
    var body = {
      output: ".." + OUTPUTS.map(function (o) { return o.id + "." + o.property; }).join("...") + "..",
      outputs: OUTPUTS,
      inputs: [{ id: "view", property: "data", value: made }],
      changedPropIds: ["view.data"]
    };
    early = { text: JSON.stringify(made), answer: asking(UPDATE, {
      method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body)
    }) };
    early.answer.catch(function () {});   /* told to Dash, when it asks */
  }

  window.fetch = function (to, how) {
    if (typeof to !== "string" || to.split("?")[0] !== UPDATE || !how || typeof how.body !== "string") {
      return ask.apply(window, arguments);
    }
    var sent = early;
    early = null;
    return sent && sent.text === JSON.stringify(JSON.parse(how.body).inputs[0].value) ? sent.answer : asking(to, how);
  };

  /* What is shown fades while a newer answer is long in coming. */
  function asking(to, how) {
    var answer = ask(to, how);
    function fade(on) {
      var main = byId("main");
      if (main) { main.toggleAttribute("data-waiting", on); }
    }
    function over() {
      if (awaited !== answer) { return; }
      window.clearTimeout(patience);
      fade(false);
    }
    awaited = answer;
    window.clearTimeout(patience);
    patience = window.setTimeout(function () { fade(true); }, PATIENCE_MS);
    answer.then(over, over);
    return answer;
  }

  /* What the address asks of the server. */
  function next() {
    var made = {
      path: window.location.pathname,
      search: forServer(window.location.search),
      theme: window.lagesbildTheme.now(),
      attempt: attempts
    };
    var text = JSON.stringify(made);
    made.shape = shape;
    made.live = whole === withoutScenario(made.path, made.search, made.theme);
    return { text: text, question: made };
  }

  /* The same, null when it has been asked already. */
  function question() {
    var made = next();
    document.dispatchEvent(new CustomEvent("lagesbild:address"));
    if (made.text === asked) { return null; }
    asked = made.text;
    return made.question;
  }

  function say(text) {
    var live = byId("live");
    if (!live) { return; }
    live.textContent = "";
    window.setTimeout(function () { live.textContent = text; }, 50);
  }

  /* Selects show what the answer says, also after back and forward. */
  function settle() {
    document.querySelectorAll("select[data-param]").forEach(function (select) {
      if (select.value !== select.dataset.value) { select.value = select.dataset.value; }
    });
  }

  function refocus() {
    if (document.activeElement && document.activeElement !== document.body) { return; }
    var same = focused && byId(focused);
    if (same) { same.focus({ preventScroll: true }); }
  }

  document.addEventListener("focusin", function (event) { focused = event.target.id || ""; });

  function toHash() {
    var target = window.location.hash && byId(decodeURIComponent(window.location.hash.slice(1)));
    if (target) { target.scrollIntoView(); }
    return Boolean(target);
  }

  /* The same text for the same page, however the choices are ordered in the address. */
  function withoutScenario(path, search, theme) {
    var query = new URLSearchParams(search);
    Array.from(query.keys()).forEach(function (name) { if (SCENARIO.test(name)) { query.delete(name); } });
    query.sort();
    return JSON.stringify([path, query.toString(), theme]);
  }

  function forServer(search) {
    var query = new URLSearchParams(search);
    OWN.forEach(function (name) { query.delete(name); });
    var text = query.toString();
    return text ? "?" + text : "";
  }

  /* A link that stays on the page keeps what is shown as tables. */
  function keepOwn(link) {
    var now = new URLSearchParams(window.location.search);
    var to = new URL(link.href);
    if (link.id === "clear" || to.pathname !== window.location.pathname) { return link.href; }
    OWN.forEach(function (name) {
      if (now.get(name) && !to.searchParams.has(name)) { to.searchParams.set(name, now.get(name)); }
    });
    return to.href;
  }

  function own(name) { return (new URLSearchParams(window.location.search).get(name) || "").split(",").filter(Boolean); }

  /* One step that going back takes again; nothing is asked. */
  function setOwn(name, values) {
    var query = new URLSearchParams(window.location.search);
    if (values.length) { query.set(name, values.join(",")); } else { query.delete(name); }
    var text = query.toString().replace(/%2C/g, ",");
    go(window.location.pathname + (text ? "?" + text : "") + window.location.hash);
  }

  /* The header was made for who was logged in when the page was opened. */
  function whoIsIn(login) {
    var who = document.querySelector(".top .who");
    if (!login) {
      if (out) { window.location.reload(); }   /* somebody is again, or is let in without: the server knows who */
      return;
    }
    if (!who || !who.querySelector("b")) { return; }
    var way = document.createElement("a");
    var told = document.createElement("span");
    told.textContent = "Inte inloggad";
    way.textContent = "Logga in";
    way.className = "btn";
    way.href = login;
    who.replaceChildren(told, way);
    out = true;
  }

  /* An answer of the shape that is shown: each piece is put in its place. False when something else came between. */
  function inPlace(page) {
    if (page.shape !== shape) {
      shape = "";
      asked = null;
      window.dash_clientside.set_props("attempt", { data: Date.now() });
      return false;
    }
    Object.keys(page.pieces).forEach(function (name) {
      var text = JSON.stringify(page.pieces[name]);
      if (placed[name] !== text) { window.dash_clientside.set_props(name, page.pieces[name]); }
      placed[name] = text;
    });
    return true;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.lagesbild = {
    view: function (pathname, search, theme, attempt) {
      attempts = attempt || 0;
      return question() || window.dash_clientside.no_update;
    },
    shown: function (page) {
      if (!page) { return window.dash_clientside.no_update; }
      if (!page.pieces) { placed = {}; }
      if (page.pieces && !inPlace(page)) { return window.dash_clientside.no_update; }
      shape = page.shape || "";
      document.title = page.title;
      whoIsIn(page.out);
      /* by what was answered, not by what was asked last: a slider moved before an answer came asks for it all */
      whole = page.of ? withoutScenario(page.of[0], page.of[1], page.of[2]) : "";
      if (page.parts) { window.lagesbild.put(page); }
      window.clearTimeout(retry);
      if (page.retry) {
        retry = window.setTimeout(function () {
          window.dash_clientside.set_props("attempt", { data: Date.now() });
        }, RETRY_MS);
      }
      window.requestAnimationFrame(function () {
        settle();
        document.dispatchEvent(new CustomEvent("lagesbild:shown"));
        if (moved) {
          var heading = document.querySelector("#main h1");
          window.scrollTo(0, 0);
          if (heading) { heading.focus({ preventScroll: true }); }
          toHash();
        } else if (told) {
          refocus();
          say(page.live);
        } else {
          toHash();
        }
        moved = false;
        told = true;
        document.documentElement.dataset.ready = String(Date.now());
      });
      return window.dash_clientside.no_update;
    }
  };

  function choose(selects) {
    var query = new URLSearchParams(window.location.search);
    var path = window.location.pathname;
    selects.forEach(function (select) {
      if (select.dataset.root) {
        if (select.value !== select.dataset.value) {
          path = select.value ? select.dataset.root + encodeURIComponent(select.value) : select.dataset.away;
        }
        return;
      }
      var old = query.get(select.dataset.param) || "";
      if (select.value === select.dataset.value) { return; }
      if (select.value) { query.set(select.dataset.param, select.value); } else { query.delete(select.dataset.param); }
      if (old !== select.value) {
        (select.dataset.clears || "").split(" ").filter(Boolean).forEach(function (name) { query.delete(name); });
      }
    });
    var text = query.toString();
    go(path + (text ? "?" + text : ""));
  }

  document.addEventListener("change", function (event) {
    var select = event.target;
    if (!select.matches || !select.matches("select[data-param]")) { return; }
    var shown = select.parentElement.querySelector("b");
    if (shown && select.selectedOptions.length) { shown.textContent = select.selectedOptions[0].textContent; }
    if (!select.closest(".filter.open")) { choose([select]); }   /* in the sheet nothing changes before "Visa" */
  });

  /* Choices are sent by scripts; only what changes something here (log out) is a form of its own. */
  document.addEventListener("submit", function (event) {
    if (event.target.method !== "post") { event.preventDefault(); }
  });

  document.addEventListener("click", function (event) {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) { return; }
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== window.location.origin) { return; }
    if (/^\/(ladda-ner|rapporter\/.+|assets|api|logga-in|healthz|readyz|metrics)(\/|$)/.test(link.pathname)) { return; }
    if (link.pathname === window.location.pathname && link.search === window.location.search && link.hash) { return; }
    event.preventDefault();
    follow(link);
  });

  /* To where a link, or anything else with an address, leads. */
  function follow(link) {
    moved = link.pathname !== window.location.pathname;
    document.dispatchEvent(new CustomEvent("lagesbild:leaving"));
    var to = keepOwn(link);
    if (to !== window.location.href) { go(to); }
  }

  window.addEventListener("popstate", function () { document.dispatchEvent(new CustomEvent("lagesbild:leaving")); });

  window.lagesbild = {
    go: go, say: say, settle: settle, choose: choose, byId: byId, follow: follow, own: own, setOwn: setOwn
  };

  askEarly(next().question);
})();
