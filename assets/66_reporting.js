/* The fields of the reporting matrix: one stop in the tab order, arrows from field to field, and what is known of the
   field under the cursor in a line below. Nothing here asks the server: all words are in the page. */
(function () {
  "use strict";

  function table() { return document.getElementById("falt"); }

  function rows() {
    return Array.prototype.map.call(table().tBodies[0].rows, function (row) {
      return Array.prototype.slice.call(row.querySelectorAll("td.ff"));
    });
  }

  function place(field, all) {
    for (var y = 0; y < all.length; y += 1) {
      var x = all[y].indexOf(field);
      if (x >= 0) { return { x: x, y: y }; }
    }
    return null;
  }

  function tell(field) {
    var told = document.getElementById("falt-text");
    var at = place(field, rows());
    if (!told || !at) { return; }
    var data = table().dataset;
    var months = JSON.parse(data.months);
    var register = JSON.parse(data.registers)[Math.floor(at.x / months.length)];
    var region = field.parentNode.querySelector("th.r").textContent;
    table().querySelectorAll("td.at").forEach(function (other) { other.classList.remove("at"); });
    field.classList.add("at");
    told.textContent = region + ", " + register.toLowerCase() + " i " + months[at.x % months.length] + ": " +
      JSON.parse(data.details)[Number(field.dataset.d)];
  }

  function focus(field) {
    table().querySelectorAll('td.ff[tabindex="0"]').forEach(function (other) { other.tabIndex = -1; });
    field.tabIndex = 0;
    field.focus();
  }

  var STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

  document.addEventListener("keydown", function (event) {
    var field = event.target.closest && event.target.closest("#falt td.ff");
    if (!field || event.ctrlKey || event.altKey || event.metaKey) { return; }
    var all = rows();
    var at = place(field, all);
    var last = all[at.y].length - 1;
    var to = null;
    if (STEPS[event.key]) {
      to = (all[at.y + STEPS[event.key][1]] || [])[at.x + STEPS[event.key][0]];
    } else if (event.key === "Home") {
      to = all[event.shiftKey ? 0 : at.y][0];
    } else if (event.key === "End") {
      to = all[at.y][last];
    } else {
      return;
    }
    event.preventDefault();
    if (to) { focus(to); }
  });

  document.addEventListener("focusin", function (event) {
    var field = event.target.closest && event.target.closest("#falt td.ff");
    if (field) { tell(field); }
  });

  document.addEventListener("click", function (event) {
    var field = event.target.closest && event.target.closest("#falt td.ff");
    if (field) { focus(field); }
  });
})();
