/* Paper: charts are drawn once more for its width, always in the light theme's colours, and the foot of every page says
   what is chosen, how far the data reach and when they were taken. Everything is put back afterwards. */
(function () {
  "use strict";
  var PAPER = Math.floor(182 / 25.4 * 96);   // margins, gap and zoom are those of 95_print.css
  var GAP = 4 / 25.4 * 96;
  var ZOOM = 0.82;
  var kept = null;

  function text(selector) {
    var node = document.querySelector(selector);
    return node ? node.textContent.replace(/\s+/g, " ").trim() : "";
  }

  function quoted(words) {
    return "\"" + words.replace(/[\\"]/g, "\\$&").replace(/[\n\r<]/g, " ") + "\"";
  }

  /* Chromium repeats the boxes in the margin on every page; elsewhere the same words stand at the top of the first. */
  function foot() {
    var form = document.getElementById("filter-form");
    var said = ["Lägesbild. " + text("#main h1") + ".", form && form.dataset.selection ? "Urval. " + form.dataset.selection : "",
      document.querySelector(".strip .syn") ? "Syntetiska data." : "", text("#strip .wrap > span:last-child"), text("#foot .wrap > span:last-child") + "."];
    var style = document.getElementById("page-foot") || document.head.appendChild(Object.assign(document.createElement("style"), { id: "page-foot" }));
    var font = "font:7.5pt/1.35 var(--lb-font,sans-serif);color:#3F4F5A;vertical-align:top;padding-top:3mm;border-top:.5pt solid #7B8A94";
    style.textContent = "@page{@bottom-left{content:" + quoted(said.filter(Boolean).join(" ")) + ";width:150mm;text-align:left;" + font +
      "}@bottom-right{content:\"Sida \" counter(page) \" av \" counter(pages);width:32mm;text-align:right;" + font + "}}";
  }

  /* What holds several charts of one figure; null for a chart that stands alone. */
  function row(chart) {
    for (var box = chart.parentElement; box && box.tagName !== "FIGURE"; box = box.parentElement) {
      if (box.querySelectorAll(".js-plotly-plot").length > 1) { return box; }
    }
    return null;
  }

  function width(chart) {
    var beside = row(chart);
    if (beside) { beside.classList.add("side-by-side"); }
    return Math.floor((beside ? (PAPER - GAP) / 2 : PAPER) / ZOOM);
  }

  /* A figure that says so is lower on paper, with its labels as far apart as they need be there. */
  function lower(layout) {
    var paper = layout.meta && layout.meta.paper;
    if (!paper) { return; }
    layout.height = paper.height;
    paper.yshift.forEach(function (pixels, k) { layout.annotations[k].yshift = pixels; });
  }

  function draw(chart, data, layout) { window.Plotly.react(chart, data, layout, chart._context); }

  function begin() {
    if (kept) { return; }
    var light = window.lagesbildTheme.light;
    kept = { theme: document.documentElement.dataset.theme, charts: [], images: [], open: [] };
    document.querySelectorAll(".js-plotly-plot").forEach(function (chart) {
      if (!chart.data || chart.closest("figure[data-view=\"table\"]")) { return; }
      kept.charts.push({ chart: chart, data: chart.data, layout: chart.layout });
      var paper = light.call(window.lagesbildTheme, { data: chart.data, layout: chart.layout });
      Object.assign(paper.layout, { width: width(chart), autosize: false });
      lower(paper.layout);
      draw(chart, paper.data, paper.layout);
    });
    document.querySelectorAll("#main img").forEach(function (image) {
      kept.images.push([image, image.src]);
      image.src = light.call(window.lagesbildTheme, image.src);
    });
    document.documentElement.dataset.theme = "light";
  }

  function end() {
    if (!kept) { return; }
    document.documentElement.dataset.theme = kept.theme;
    kept.charts.forEach(function (k) { if (k.chart.isConnected) { draw(k.chart, k.data, k.layout); } });
    document.querySelectorAll(".side-by-side").forEach(function (box) { box.classList.remove("side-by-side"); });
    kept.images.forEach(function (k) { k[0].src = k[1]; });
    kept = null;
  }

  document.addEventListener("lagesbild:shown", foot);
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  window.matchMedia("print").addEventListener("change", function (query) { if (query.matches) { begin(); } else { end(); } });
})();
