/* Small charts in SVG: text is text, colours are the tokens', and the table behind says the same. */
const CHAR = 6.7;   // pixels a letter of 13 px takes at most, on average

function chart(width, height, label, children) {
  return svg("svg", { width: width, height: height, viewBox: "0 0 " + width + " " + height, role: "img", "aria-label": label, class: "chart" }, children);
}

/* One pattern for all charts; it takes the theme's colour. */
function hatchPattern() {
  return svg("svg", { width: 0, height: 0, class: "patterns", "aria-hidden": "true" }, svg("defs", {},
    svg("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("rect", { width: 5, height: 5, class: "hatch-ground" }), svg("rect", { width: 1.2, height: 5, class: "hatch-line" }))));
}

function text(x, y, words, props) { return svg("text", Object.assign({ x: x, y: y }, props || {}), words); }
function line(x1, y1, x2, y2, name) { return svg("line", { x1: x1, y1: y1, x2: x2, y2: y2, class: name }); }
function rect(x, y, w, h, name) { return svg("rect", { x: x, y: y, width: Math.max(0, w), height: h, class: name }); }

/* Round numbers from low to high, about `wanted` of them. */
function ticks(low, high, wanted) {
  const raw = (high - low) / Math.max(1, wanted) || 1;
  const power = Math.pow(10, Math.floor(Math.log10(raw)));
  const step = [1, 2, 5, 10].map(function (k) { return k * power; }).find(function (s) { return s >= raw * 0.999; });
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) { out.push(k * step); }
  return { values: out, step: step };
}

/* Labels pushed apart so that none lies on another; `items`: [{y, ...}] in place, within the chart. */
function apart(items, gap, low, high) {
  items.sort(function (a, b) { return a.y - b.y; });
  items.forEach(function (d, k) { d.y = Math.max(d.y, k ? items[k - 1].y + gap : low); });
  for (let k = items.length - 1; k >= 0; k--) {
    items[k].y = Math.min(items[k].y, k === items.length - 1 ? high : items[k + 1].y - gap);
  }
  return items;
}

/* A path over what is known; it breaks where there is no number. */
function path(values, x, y) {
  let out = "";
  let pen = "M";
  values.forEach(function (v, k) {
    if (!isNumber(v)) { pen = "M"; return; }
    out += pen + x(k).toFixed(1) + " " + y(v).toFixed(1);
    pen = "L";
  });
  return out;
}

/* Months under a chart: as many as there is room for, January with its year first. */
function monthAxis(months, x, y, room) {
  const nodes = [];
  const years = months.map(function (m, k) { return [m, k]; }).filter(function (p) { return p[0] % 12 === 0; });
  const each = Math.max(1, Math.ceil(years.length / Math.max(1, Math.floor(room / 64))));
  let at = -Infinity;
  years.filter(function (p, n) { return n % each === 0; }).forEach(function (p) {
    nodes.push(line(x(p[1]), y, x(p[1]), y + 5, "axis"), text(x(p[1]), y + 19, monthShort(p[0]), { "text-anchor": "middle" }));
    at = x(p[1]);
  });
  const end = months.length - 1;
  if (x(end) - at > 70) { nodes.push(text(x(end), y + 19, monthShort(months[end]), { "text-anchor": "end" })); }
  if (!years.length || x(years[0][1]) - x(0) > 110) { nodes.push(text(x(0), y + 19, monthShort(months[0]), { "text-anchor": "start" })); }
  return nodes;
}

/* Under the chart of a series: why there is no number, month by month. Never as zero. */
function holes(values, x, y, step) {
  return values.map(function (v, k) {
    return isNumber(v) ? null : rect(x(k) - step / 2, y, Math.max(3, step), 9, "gap-" + stateOf(v));
  });
}

function holeLegend(lists) {
  const kinds = [...new Set(lists.flat().filter(function (v) { return !isNumber(v); }).map(stateOf))];
  const words = { missing: "saknas", suppressed: "färre än " + DATA.threshold, secondary: "skyddat (..)", excluded: "utesluten" };
  return kinds.map(function (k) {
    return el("span", {}, el("span", { class: "hole hole-" + (k === "secondary" ? "suppressed" : k), "aria-hidden": "true" }), words[k]);
  });
}
