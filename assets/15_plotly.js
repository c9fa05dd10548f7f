/* Plotly on its way while everything else starts. Dash asks for it when the first chart is to be drawn and waits for
   what it finds in window.Plotly, which until it is here is this promise of it. */
(function () {
  "use strict";
  var early = document.querySelector("link[data-plotly]");   /* the head's preload: it is being fetched already */
  if (!early || window.Plotly) { return; }
  window.Plotly = new Promise(function (arrived, failed) {
    var script = document.createElement("script");
    script.src = early.href;
    script.onload = function () {
      drawOnce(window.Plotly);
      arrived();
    };
    script.onerror = function () {
      delete window.Plotly;   /* so that the next chart makes Dash try once more */
      failed(new Error("Plotly kunde inte hämtas"));
    };
    document.head.appendChild(script);
  });

  /* Dash fits each chart to its place when it has just been drawn there, and Plotly then draws all of it again, 0.1 s
     later: one that has the size of its place is let be. */
  function drawOnce(plotly) {
    var resize = plotly.Plots.resize;
    plotly.Plots.resize = function (chart) {
      var drawn = chart && chart._fullLayout;
      var place = drawn && chart.getBoundingClientRect();
      var fits = place && place.width && Math.abs(place.width - drawn.width) < 1 && Math.abs(place.height - drawn.height) < 1;
      return fits ? Promise.resolve(chart) : resize.apply(this, arguments);
    };
  }

  window.Plotly.catch(function () { /* Dash says it, where the chart would stand */ });
})();
