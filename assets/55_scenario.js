/* "Vad händer om?": a slider says its value at once, writes the address and asks for what alone changes. The server
   has written every text; here they are only looked up. Dragging replaces the address, letting go makes one step back. */
(function () {
  "use strict";
  var WAIT_MS = 100;         /* between asking while a slider is dragged */
  var SAME_GESTURE_MS = 1500;  /* arrow keys within it are one step back, not ten */
  var before = null;         /* the address before the slider that is being dragged */
  var timer = null;
  var last = { name: "", at: 0 };
  var written = null;        /* the query a slider wrote: its answer leaves the controls as they are */

  function parts(input) {
    var box = input.closest("[data-slide]");
    return {
      box: box,
      parameter: box.dataset.slide,
      texts: JSON.parse(box.dataset.texts),
      values: JSON.parse(box.dataset.values),
      zero: Number(box.dataset.zero)
    };
  }

  function tell(input) {
    var it = parts(input);
    var place = Number(input.value);
    var share = function (k) { return 100 * k / Math.max(1, it.texts.length - 1) + "%"; };
    input.setAttribute("aria-valuetext", it.texts[place]);
    it.box.querySelector(".slide-now").textContent = it.texts[place];
    it.box.style.setProperty("--from", share(Math.min(place, it.zero)));
    it.box.style.setProperty("--to", share(Math.max(place, it.zero)));
    var later = it.box.nextElementSibling;   /* which region, when anybody is sent at all */
    if (later && later.matches(".wi-later")) { later.toggleAttribute("data-on", place !== it.zero); }
  }

  function address(input) {
    var it = parts(input);
    var query = new URLSearchParams(window.location.search);
    var value = it.values[Number(input.value)];
    if (value) { query.set(it.parameter, value); } else { query.delete(it.parameter); }
    var text = query.toString();
    return window.location.pathname + (text ? "?" + text : "");
  }

  function here() { return window.location.pathname + window.location.search; }

  function ask() { window.dispatchEvent(new CustomEvent("_dashprivate_pushstate")); }

  function rest() { window.clearTimeout(timer); timer = null; }

  function moving(input) {
    tell(input);
    if (before === null) { before = here(); }
    if (timer !== null) { return; }   /* asked for soon, with the value it then has */
    timer = window.setTimeout(function () {
      timer = null;
      window.history.replaceState({}, "", address(input));
      written = window.location.search;
      ask();
    }, WAIT_MS);
  }

  function settled(input) {
    var to = address(input);
    var again = last.name === input.id && Date.now() - last.at < SAME_GESTURE_MS;
    rest();
    if (before === null) { before = here(); }
    if (again) {
      window.history.replaceState({}, "", to);
    } else if (to !== before) {
      window.history.replaceState({}, "", before);
      window.history.pushState({}, "", to);
    }
    last = { name: input.id, at: Date.now() };
    before = null;
    written = window.location.search;
    ask();
  }

  function slide(event) {
    return event.target.matches && event.target.matches("[data-slide] input[type=range]") ? event.target : null;
  }

  document.addEventListener("input", function (event) {
    var input = slide(event);
    if (input) { moving(input); }
  });

  document.addEventListener("change", function (event) {
    var input = slide(event);
    if (input) { settled(input); }
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button");
    if (button && button.matches(".slide-b")) {
      var input = button.parentElement.querySelector("input");
      input.value = String(Number(input.value) + Number(button.dataset.by));
      tell(input);
      settled(input);
    }
    if (button && button.id === "save-scenario") { window.lagesbild.copy(button); }
  });

  /* Back, forward and links move the sliders, not the other way round. */
  function others() { before = null; last.name = ""; written = null; rest(); }
  window.addEventListener("popstate", others);
  document.addEventListener("lagesbild:leaving", others);

  /* Every slider says its words also to screen readers. */
  function dress() {
    document.querySelectorAll("[data-slide] input[type=range]").forEach(function (input) {
      if (Number(input.value) < parts(input).texts.length) { tell(input); }
    });
  }
  document.addEventListener("lagesbild:shown", dress);

  /* What an answer changes is put in place by name; nothing else on the page is touched. */
  window.lagesbild.put = function (page) {
    var mine = written !== null && written === window.location.search;
    Object.keys(page.parts).forEach(function (name) {
      if (!window.lagesbild.byId(name)) { return; }
      if (mine && /-controls$/.test(name)) { return; }
      window.dash_clientside.set_props(name, page.parts[name]);
    });
    if (!mine) { last.name = ""; }
    document.querySelectorAll("#main .dlp a[href]").forEach(function (link) {
      var form = /^\?(form=[^&]*)/.exec(link.search);   /* which of the files it is stays */
      link.search = [form && form[1], page.query].filter(Boolean).join("&");
    });
  };
})();
