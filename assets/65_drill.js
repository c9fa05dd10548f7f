/* A mark in a chart whose `customdata` starts with an address leads there, as the name in the table beside does. */
(function () {
  "use strict";

  function address(event) {
    var point = event.points && event.points[0];
    var data = point && point.customdata;
    var to = Array.isArray(data) ? data[0] : data;
    return typeof to === "string" && to.charAt(0) === "/" && to.charAt(1) !== "/" ? to : "";
  }

  function listen(chart) {
    if (chart.dataset.drill || !chart.on) { return; }
    chart.dataset.drill = "1";
    chart.on("plotly_click", function (event) {
      var to = address(event);
      if (to) { window.lagesbild.follow(new URL(to, window.location.origin)); }
    });
    chart.on("plotly_hover", function (event) { chart.classList.toggle("leads", Boolean(address(event))); });
    chart.on("plotly_unhover", function () { chart.classList.remove("leads"); });
  }

  /* Charts are drawn in their own time: each is listened to when it is first pointed at. */
  document.addEventListener("pointerover", function (event) {
    var chart = event.target.closest && event.target.closest(".js-plotly-plot");
    if (chart) { listen(chart); }
  });
})();
