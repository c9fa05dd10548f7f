/* Bars: ranked shares, pairs beside each other, and the months of a balance. All start at zero. */

function levelOf(share) {
  const rounded = Number(fixed(share, 3));
  return rounded >= 0.95 ? 1 : rounded >= 0.9 ? 2 : rounded >= 0.85 ? 3 : rounded >= 0.8 ? 4 : 5;
}

/* `rows`: [{name, note, share, cells: [text], emphasis}]; the part over the limit has the level's tint. Rows without a share last. */
function rankedShares(width, spec) {
  const narrow = width < 560;
  const left = narrow ? 112 : 168;
  const cell = narrow ? 50 : 66;
  const heads = narrow ? spec.heads.slice(0, 2) : spec.heads;
  const right = heads.length * cell + 6;
  const row = narrow ? 30 : 26;
  const top = 52;
  const known = spec.rows.filter(function (r) { return isNumber(r.share); });
  const gone = spec.rows.filter(function (r) { return !isNumber(r.share); });
  const height = top + spec.rows.length * row + (gone.length ? 34 : 0) + 6;
  const wide = width - left - right;
  const nodes = [text(left, 44, narrow ? "" : "har väntat högst " + spec.days + " dagar"), narrow ? null : text(left + wide, 44, "längre", { "text-anchor": "end" })];
  heads.forEach(function (words, k) {
    words.forEach(function (w, n) { nodes.push(text(left + wide + 6 + (k + 1) * cell, 30 + n * 14, w, { "text-anchor": "end" })); });
  });
  let y = top;
  const put = function (r) {
    const middle = y + row / 2 + 4.5;
    const strong = r.emphasis ? "me" : "";
    if (r.emphasis === "country") { nodes.push(line(0, y, width, y, "rule"), line(0, y + row, width, y + row, "rule")); }
    if (r.emphasis === "chosen") { nodes.push(rect(0, y + 4, 3.5, row - 8, "series")); }
    nodes.push(text(9, middle, shortened(r.name + (r.note ? " " + r.note : ""), left - 12), { class: strong }));
    if (isNumber(r.share)) {
      const part = Math.max(0, Math.min(1, r.share)) * wide;
      const tint = levelOf(r.share);
      nodes.push(rect(left, y + 4, part - 0.5, row - 8, "within"), rect(left + part + 0.5, y + 4, wide - part - 0.5, row - 8, tint > 3 ? "seq" + tint : "seq4"));
    } else { nodes.push(rect(left, y + 5, Math.min(52, wide), row - 10, "gap-" + stateOf(r.share))); }
    heads.forEach(function (h, k) { nodes.push(text(left + wide + 6 + (k + 1) * cell, middle, r.cells[k], { "text-anchor": "end", class: strong })); });
    y += row;
  };
  known.forEach(put);
  if (known.length && spec.limit) {
    const at = left + spec.limit * wide;
    nodes.push(line(at, top - 4, at, y, "limit"), text(at, 16, "Gräns för gap, " + decimal(spec.limit * 100, 0) + NB + "%", { "text-anchor": narrow ? "end" : "middle" }));
  }
  if (gone.length) {
    y += 26;
    nodes.push(text(9, y - 4, "Utan andel", { class: "me" }));
    gone.forEach(put);
  }
  return chart(width, height, spec.label, nodes);
}

function shortened(words, room) {
  const most = Math.floor(room / CHAR);
  return words.length > most ? words.slice(0, Math.max(1, most - 1)) + "…" : words;
}

/* `rows`: [{name, values: [a, b], texts: [..], emphasis}], `names`: what the bars are; the first strong, the second grey. */
function pairs(width, spec) {
  const left = Math.min(width < 560 ? 118 : 168, Math.max(70, ...spec.rows.map(function (r) { return r.name.length * CHAR + 12; })));
  const most = Math.max(1e-9, ...spec.rows.flatMap(function (r) { return r.values; }).filter(isNumber));
  const longest = Math.max(...spec.rows.flatMap(function (r) { return r.texts; }).map(function (t) { return t.length; }));
  const wide = Math.max(40, width - left - longest * CHAR - 12);
  const each = 15;
  const row = spec.names.length * each + 12;
  const nodes = [];
  let y = 4;
  for (const r of spec.rows) {
    nodes.push(text(0, y + (spec.names.length * each) / 2 + 4, shortened(r.name, left - 6), { class: r.emphasis ? "me" : "" }));
    r.values.forEach(function (v, k) {
      const long = isNumber(v) ? v / most * wide : 0;
      if (isNumber(v)) { nodes.push(rect(left, y + k * each, Math.max(long, v > 0 ? 1.5 : 0), each - 2, k ? "context" : "series")); } else {
        nodes.push(rect(left, y + k * each + 1, 26, each - 4, "gap-" + stateOf(v)));
      }
      nodes.push(text(left + (isNumber(v) ? long : 26) + 6, y + k * each + 11.5, r.texts[k], { class: k ? "" : "me" }));
    });
    y += row;
    if (spec.limitAfter === r.name) { nodes.push(line(0, y - 4, width, y - 4, "limit"), text(width, y - 8, spec.limitName, { "text-anchor": "end" })); y += 6; }
  }
  return chart(width, y + 4, spec.label, nodes);
}

/* Outflow as stacked bars, inflow as an ink tick on each; `months` as many as there is room for. */
function balanceBars(width, spec) {
  const room = Math.floor((width - 60) / 17);
  const months = spec.months.slice(-Math.min(room, spec.months.length));
  const cut = spec.months.length - months.length;
  const left = 52;
  const height = 290;
  const bottom = height - 44;
  const value = function (name, k) { return spec.values[name][k + cut]; };
  const high = Math.max(1, ...months.map(function (m, k) {
    const out = (isNumber(value("performed", k)) ? value("performed", k) : 0) + (isNumber(value("removed_other", k)) ? value("removed_other", k) : 0);
    return Math.max(out, isNumber(value("added", k)) ? value("added", k) : 0);
  })) * 1.06;
  const step = (width - left - 6) / months.length;
  const x = function (k) { return left + (k + 0.5) * step; };
  const y = function (v) { return bottom - v / high * (bottom - 14); };
  const nodes = [];
  const marks = ticks(0, high, 4);
  marks.values.forEach(function (v) { nodes.push(line(left, y(v), width - 6, y(v), "grid-line"), text(left - 8, y(v) + 4, count(v), { "text-anchor": "end" })); });
  months.forEach(function (m, k) {
    const bar = Math.min(26, step * 0.66);
    let base = 0;
    ["performed", "removed_other"].forEach(function (name, n) {
      const v = value(name, k);
      if (isNumber(v)) { nodes.push(rect(x(k) - bar / 2, y(base + v), bar, y(base) - y(base + v), n ? "context" : "series")); base += v; }
    });
    if (!isNumber(value("performed", k))) { nodes.push(rect(x(k) - bar / 2, bottom - 12, bar, 11, "gap-" + stateOf(value("performed", k)))); }
    if (isNumber(value("added", k))) { nodes.push(line(x(k) - bar / 2 - 2, y(value("added", k)), x(k) + bar / 2 + 2, y(value("added", k)), "tick")); }
  });
  nodes.push(line(left, bottom, width - 6, bottom, "axis"), monthAxis(months, x, bottom, width - left));
  return chart(width, height, spec.label, nodes);
}
