/* Plotly on its way while everything else starts. Dash asks for it when the first chart is to be drawn and waits for
   what it finds in window.Plotly, which until it is here is this promise of it. */
(function () {
  "use strict";
  var early = document.querySelector("link[data-plotly]");   /* the head's preload: it is being fetched already */
  if (!early || window.Plotly) { return; }
  window.Plotly = new Promise(function (arrived, failed) {
    var script = document.createElement("script");
    script.src = early.href;
    script.onload = function () { arrived(); };
    script.onerror = function () {
      delete window.Plotly;   /* so that the next chart makes Dash try once more */
      failed(new Error("Plotly kunde inte hämtas"));
    };
    document.head.appendChild(script);
  });
  window.Plotly.catch(function () { /* Dash says it, where the chart would stand */ });
})();
