/* A figure as a picture that can leave the page: title, mark, summary, graphic, notes, source, selection and date in it.
   Laid out in a frame of its own, always light and as wide as on a computer; nothing is asked of anybody but this site. */
(function () {
  "use strict";
  var SCREEN = 1440;       // the frame's width: the layout of a computer, whatever the screen is
  var PNG_WIDTH = 2400;
  var PADDING = 32;
  var FULL = 1328 + 2 * PADDING;
  var EXTRA = ".picture{box-sizing:border-box;padding:" + PADDING + "px;border:0;background:#fff;font-family:var(--lb-font)}" +
    ".picture .where{font-size:var(--lb-t-2);color:var(--lb-ink-2);margin-bottom:4px}" +
    ".picture .graphic,.picture .as-table{display:block!important}.picture .scroll{overflow:visible}" +
    ".picture .graphic.as-table caption{display:none}" +
    ".picture .told{border-top:1px solid var(--lb-line);padding-top:10px;max-width:none}" +
    ".picture a{color:inherit;text-decoration:none}.picture .src{max-width:none}" +
    ".picture.no-pseudo *::before,.picture.no-pseudo *::after{content:none!important}";
  var font = null;

  function rules() {
    var out = [];
    Array.prototype.forEach.call(document.styleSheets, function (sheet) {
      var own;
      try { own = sheet.cssRules; } catch (error) { own = []; }   /* a browser extension's */
      Array.prototype.forEach.call(own, function (rule) { out.push(rule); });
    });
    return out;
  }

  /* The page's font as bytes, from the browser's own store: a picture must not hang on what a reader has installed. */
  function embedded() {
    if (font) { return font; }
    var face = rules().find(function (rule) { return rule instanceof CSSFontFaceRule; });
    if (!face) { return Promise.resolve(null); }
    var address = new URL(/url\("?([^")]+)"?\)/.exec(face.style.getPropertyValue("src"))[1], face.parentStyleSheet.href);
    font = fetch(address).then(function (answer) { return answer.arrayBuffer(); }).then(function (bytes) {
      var text = "";
      new Uint8Array(bytes).forEach(function (b) { text += String.fromCharCode(b); });
      return { name: face.style.getPropertyValue("font-family").replace(/^"|"$/g, ""), bytes: bytes, data: "data:font/woff2;base64," + btoa(text) };
    });
    font.catch(function () { font = null; });
    return font;
  }

  function stage(face) {
    var frame = document.createElement("iframe");
    frame.className = "stage";
    frame.title = "Bild som skapas";
    frame.setAttribute("aria-hidden", "true");
    frame.tabIndex = -1;
    frame.style.cssText = "position:fixed;left:-6000px;top:0;border:0;width:" + SCREEN + "px;height:1000px";
    document.body.appendChild(frame);
    var doc = frame.contentDocument;
    doc.documentElement.lang = "sv";
    doc.documentElement.dataset.theme = "light";
    var style = doc.createElement("style");
    style.textContent = rules().filter(function (rule) { return !(rule instanceof CSSFontFaceRule); })
      .map(function (rule) { return rule.cssText; }).join("\n") + EXTRA;
    doc.head.appendChild(style);
    if (!face) { return Promise.resolve(frame); }
    var own = new frame.contentWindow.FontFace(face.name, face.bytes.slice(0), { weight: "200 900" });
    doc.fonts.add(own);
    return own.load().then(function () { return frame; });
  }

  function text(selector) {
    var node = document.querySelector(selector);
    return node ? node.innerText.trim() : "";
  }

  function made(doc, tag, className, content) {
    var node = doc.createElement(tag);
    node.className = className;
    node.textContent = content;
    return node;
  }

  /* What stands in the picture, in the page's own parts. */
  function layOut(figure, doc) {
    var box = doc.createElement("figure");
    box.className = "fig picture";
    var span = Number(figure.dataset.span || 12);
    box.style.width = (span >= 8 ? 1200 : span >= 6 ? 960 : 720) + "px";
    function copy(node) {
      if (!node) { return; }
      var twin = doc.importNode(node, true);
      var selects = node.querySelectorAll("select");   /* what is chosen is no attribute: a copy forgets it */
      twin.querySelectorAll("select").forEach(function (select, k) {
        Array.prototype.forEach.call(select.options, function (option, n) { option.toggleAttribute("selected", n === selects[k].selectedIndex); });
      });
      box.appendChild(twin);
    }
    var real = figure.querySelector(".real");
    box.appendChild(made(doc, "p", "where", text("#main h1")));
    box.appendChild(made(doc, "h2", "", figure.querySelector("h2").textContent));
    copy(figure.querySelector(":scope > .sum"));
    var mark = figure.querySelector(":scope > .mark");
    copy(mark);
    if (!mark && document.querySelector(".strip .syn")) {
      var own = made(doc, "p", "mark", "");
      own.appendChild(made(doc, "span", "syn", "Syntetiska data"));
      box.appendChild(own);
    }
    copy(figure.querySelector(":scope > .graphic") || figure.querySelector(":scope > .as-table"));
    figure.querySelectorAll(":scope > .src").forEach(copy);
    var form = document.getElementById("filter-form");
    var told = [];
    if (!real && form && form.dataset.selection) { told.push("Urval. " + form.dataset.selection); }
    if (!real) { told.push(text("#strip .wrap > span:last-child")); }   /* published figures have a date of their own */
    told.push("Lägesbild. " + text("#foot .wrap > span:last-child") + ".");
    box.appendChild(made(doc, "p", "src told", told.filter(Boolean).join(" ").replace(/\s+/g, " ")));
    box.querySelectorAll("select").forEach(function (select) {   /* a choice is said, not offered */
      var chosen = select.querySelector("option[selected]") || select.options[0];
      if (select.nextElementSibling) { select.nextElementSibling.remove(); }
      select.replaceWith(made(doc, "b", "", chosen ? chosen.textContent : ""));
    });
    box.querySelectorAll("img").forEach(function (image) { image.src = window.lagesbildTheme.light(image.src); });
    box.querySelectorAll(".fig-t,input,.seg,[aria-live],[role=\"status\"]").forEach(function (node) { node.remove(); });
    box.querySelectorAll(".js-plotly-plot").forEach(function (place) { place.textContent = ""; });
    box.querySelectorAll("[data-off]").forEach(function (node) { node.removeAttribute("data-off"); });
    box.querySelectorAll("[id]").forEach(function (node) { node.removeAttribute("id"); });
    doc.body.style.margin = "0";
    doc.body.appendChild(box);
    return box;
  }

  /* Charts are drawn once more at the picture's width, the dark theme's colours as the light one's. */
  function charts(figure, box) {
    var places = box.querySelectorAll(".js-plotly-plot");
    var drawn = Array.prototype.map.call(figure.querySelectorAll(".graphic .js-plotly-plot"), function (chart, k) {
      var place = places[k];
      /* the page's own height: a chart on a tab that is not shown has none of its own */
      var given = /^([\d.]+)px$/.exec(chart.closest(".dash-graph").style.height);
      var height = given ? Number(given[1]) : chart.clientHeight || 360;
      place.style.height = height + "px";
      var width = Math.round(place.getBoundingClientRect().width);
      var drawing = window.lagesbildTheme.light({ data: chart.data, layout: chart.layout });
      Object.keys(drawing.layout).forEach(function (name) {   /* Plotly has written what fitted the screen over what was asked for */
        var full = chart._fullLayout && chart._fullLayout[name];
        if (drawing.layout[name] && drawing.layout[name].constrain === "domain" && full && full._inputDomain) {
          drawing.layout[name].domain = full._inputDomain.slice();
        }
      });
      Object.assign(drawing.layout, { width: width, height: Math.round(height), autosize: false });
      drawing.config = { locale: "sv", locales: (chart._context || {}).locales };
      return window.Plotly.toImage(drawing, { format: "svg", width: width, height: Math.round(height) }).then(function (address) {
        var source = decodeURIComponent(address.slice(address.indexOf(",") + 1));
        place.drawing = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
      });
    });
    return Promise.all(drawn);
  }

  /* A figure laid out for the full width of a computer gets it when it does not fit. */
  function widen(box) {
    var right = box.getBoundingClientRect().right - PADDING + 1;
    var sticks = Array.prototype.some.call(box.querySelectorAll("*"), function (el) {
      return el.getBoundingClientRect().right > right && !el.closest(".vh");
    });
    if (sticks) { box.style.width = FULL + "px"; }
  }

  function placed(el, at) {
    if (!el.drawing) { return null; }
    var node = document.importNode(el.drawing, true);
    node.setAttribute("x", String(at.x));
    node.setAttribute("y", String(at.y));
    return node;
  }

  function compose(figure) {
    var svg = window.lagesbildSvg.svg;
    var frame = null;
    return embedded().then(function (face) {
      return stage(face).then(function (made) {
        frame = made;
        var box = layOut(figure, frame.contentDocument);
        widen(box);
        return charts(figure, box).then(function () {
          var size = box.getBoundingClientRect();
          var width = Math.round(size.width), height = Math.ceil(size.height);
          var picture = window.lagesbildSvg.draw(box, frame.contentWindow, placed);
          var root = svg("svg", { width: width, height: height, viewBox: "0 0 " + width + " " + height, lang: "sv", "font-family": "\"Source Sans 3 Variable\", \"Source Sans 3\", sans-serif", role: "img" });
          var title = svg("title");
          title.textContent = figure.querySelector("h2").textContent;
          var look = svg("style");
          look.textContent = face ? "@font-face{font-family:\"" + face.name + "\";src:url(" + face.data + ") format(\"woff2\");font-weight:200 900}" : "";
          var described = svg("desc");
          described.textContent = (figure.querySelector(":scope > .sum") || {}).textContent || "";
          root.append(title, described, svg("defs", {}, [look].concat(picture.defs)), svg("rect", { width: width, height: height, fill: "#fff" }));
          picture.shapes.forEach(function (shape) { root.appendChild(shape); });
          return { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + new XMLSerializer().serializeToString(root), width: width, height: height };
        });
      });
    }).finally(function () { if (frame) { frame.remove(); } });
  }

  function toPng(picture) {
    var address = URL.createObjectURL(new Blob([picture.text], { type: "image/svg+xml" }));
    var image = new Image();
    image.src = address;
    return image.decode().then(function () {
      var canvas = document.createElement("canvas");
      canvas.width = PNG_WIDTH;
      canvas.height = Math.round(picture.height * PNG_WIDTH / picture.width);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done, failed) {
        canvas.toBlob(function (blob) { if (blob) { done(blob); } else { failed(new Error("no picture")); } }, "image/png");
      });
    }).finally(function () { URL.revokeObjectURL(address); });
  }

  function save(blob, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }

  window.lagesbildPicture = {
    compose: compose,
    toPng: toPng,
    download: function (figure, format) {
      window.lagesbild.say("Bilden skapas.");
      return compose(figure).then(function (picture) {
        return format === "png" ? toPng(picture) : new Blob([picture.text], { type: "image/svg+xml" });
      }).then(function (blob) {
        save(blob, figure.dataset.file + "." + format);
        window.lagesbild.say("Bilden är klar.");
      }).catch(function (error) {
        window.lagesbild.say("Bilden kunde inte skapas. Tabellen går att hämta som CSV eller XLSX.");
        console.error(error);
      });
    }
  };
})();
