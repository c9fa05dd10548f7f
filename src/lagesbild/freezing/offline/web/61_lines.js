/* Lines over months: regions in grey, the chosen one in colour, named where they end; bands of a forecast. */

/* `spec`: {months, series: [{name, values, kind: own|context|other|dashed, early: [bool]}], band: [{lo, hi, name}], limit: {value, name},
   format(v), zero, label, height}. `unit` stands above the axis. */
function lines(width, spec) {
  const left = 44;
  const named = spec.series.filter(function (s) { return s.name; });
  const widest = Math.max(0, ...named.map(function (s) { return (s.name + " " + endText(s, spec)).length * CHAR; }));
  const right = width < 560 ? 14 : Math.min(210, widest + 16);
  const above = width < 560 ? 20 + named.length * 19 : 26;
  const height = (spec.height || 280) + (width < 560 ? named.length * 12 : 0);
  const bottom = height - 44;
  const shownValues = spec.series.flatMap(function (s) { return s.values; }).concat((spec.band || []).flatMap(function (b) { return b.lo.concat(b.hi); })).filter(isNumber);
  if (!shownValues.length) { return nothing("Här finns inget tal att rita. Tabellen säger varför."); }
  if (spec.limit) { shownValues.push(spec.limit.value); }
  let low = spec.zero ? 0 : Math.min(...shownValues);
  let high = Math.max(...shownValues);
  const air = (high - low || Math.abs(high) || 1) * 0.06;
  if (!spec.zero) { low -= air; }
  high += air;
  if (spec.most !== undefined) { high = Math.min(high, spec.most); }
  const marks = ticks(low, high, 5);
  const last = spec.months.length - 1;
  const x = function (k) { return left + (last ? k / last : 0.5) * (width - left - right); };
  const y = function (v) { return bottom - (v - low) / (high - low || 1) * (bottom - above); };
  const step = (width - left - right) / Math.max(1, last);
  const nodes = [text(0, 12, spec.unit || "", { class: "unit" })];
  marks.values.forEach(function (v) {
    nodes.push(line(left, y(v), width - right, y(v), "grid-line"), text(left - 8, y(v) + 4, spec.format(v, marks.step), { "text-anchor": "end" }));
  });
  (spec.band || []).forEach(function (b) {
    const up = path(b.hi, x, y);
    const down = b.lo.map(function (v, k) { return isNumber(v) ? "L" + x(k).toFixed(1) + " " + y(v).toFixed(1) : ""; }).reverse().join("");
    if (up) { nodes.push(svg("path", { d: up + down + "Z", class: b.name })); }
  });
  if (spec.limit) {
    nodes.push(line(left, y(spec.limit.value), width - right, y(spec.limit.value), "limit"));
  }
  const order = { other: 0, context: 1, dashed: 2, own: 3 };
  const sorted = spec.series.slice().sort(function (a, b) { return order[a.kind] - order[b.kind]; });
  for (const s of sorted) {
    nodes.push(svg("path", { d: path(s.values, x, y), class: "line " + s.kind }));
    s.values.forEach(function (v, k) {
      const alone = isNumber(v) && !isNumber(s.values[k - 1]) && !isNumber(s.values[k + 1]);
      const early = s.early && s.early[k];
      if (s.kind !== "other" && isNumber(v) && (alone || early || k === lastKnown(s.values))) {
        nodes.push(svg("circle", { cx: x(k), cy: y(v), r: s.kind === "own" ? 4 : 3, class: "dot " + s.kind + (early ? " early" : "") }));
      }
    });
  }
  if (spec.limit) { 
    const below = y(spec.limit.value) + 16;
    nodes.push(text(left + 4, below > bottom - 4 ? below - 22 : below, spec.limit.name, { class: "on" }));
  }
  /* a line that ends before the chart does is named where it ends */
  const whole = named.filter(function (s) { return lastKnown(s.values) === last || lastKnown(s.values) < 0; });
  if (width >= 560) {
    named.filter(function (s) { return whole.indexOf(s) < 0; }).forEach(function (s) {
      const k = lastKnown(s.values);
      nodes.push(text(x(k) - 4, Math.max(above, y(s.values[k]) - 10), s.name + " " + endText(s, spec), { "text-anchor": x(k) > left + 100 ? "end" : "start", class: "on" }));
    });
  }
  const labels = whole.map(function (s) { return { y: y(s.values[lastKnown(s.values)] ?? low) + 4, s: s }; });
  if (width < 560) {
    named.forEach(function (s, k) {
      nodes.push(line(left, 22 + k * 19, left + 18, 22 + k * 19, "line " + s.kind), text(left + 24, 26 + k * 19, s.name + " " + endText(s, spec), { class: s.kind === "own" ? "me" : "" }));
    });
  } else {
    apart(labels, 17, above, bottom + 4).forEach(function (d) {
      nodes.push(text(width - right + 9, d.y, d.s.name + " " + endText(d.s, spec), { class: d.s.kind === "own" ? "me" : "" }));
    });
  }
  nodes.push(line(left, bottom, width - right, bottom, "axis"), monthAxis(spec.months, x, bottom, width - left - right));
  const holed = spec.series.find(function (s) { return s.kind === "own"; });
  if (holed && spec.holes !== false) { nodes.push(holes(holed.values, x, bottom - 10, step)); }
  return readable(chart(width, height, spec.label, nodes), spec, named, { x: x, left: left, step: step, top: above, bottom: bottom });
}

/* Under the chart stands what the month that is pointed at says. For the eye only: the table says it to everybody. */
function readable(node, spec, named, at) {
  const words = el("p", { class: "read", "aria-hidden": "true" }, "Peka på en månad för att läsa av den.");
  const mark = line(0, at.top, 0, at.bottom, "at");
  node.append(mark);
  const read = function (event) {
    const k = Math.round((event.clientX - node.getBoundingClientRect().left - at.left) / (at.step || 1));
    if (k < 0 || k >= spec.months.length) { return; }
    mark.setAttribute("x1", at.x(k));
    mark.setAttribute("x2", at.x(k));
    node.classList.add("reading");
    const values = named.filter(function (s) { return isNumber(s.values[k]) || s.marks !== false; }).map(function (s) {
      return s.name + " " + (isNumber(s.values[k]) ? spec.format(s.values[k], 0, s, k) : stateText(s.values[k])) + (s.early && s.early[k] ? " prel." : "");
    });
    words.replaceChildren(el("b", {}, capital(monthName(spec.months[k])) + ": "), values.join(", "));
  };
  node.addEventListener("pointermove", read);
  node.addEventListener("pointerdown", read);
  return el("div", { class: "readable" }, node, words);
}

function lastKnown(values) {
  for (let k = values.length - 1; k >= 0; k--) { if (isNumber(values[k])) { return k; } }
  return -1;
}

function endText(s, spec) {
  const k = lastKnown(s.values);
  return k < 0 || s.bare ? "" : spec.format(s.values[k], 0, s, k);
}

function nothing(words) { return el("p", { class: "state" }, words); }
