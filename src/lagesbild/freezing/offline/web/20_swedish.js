/* Swedish for numbers and months, digit for digit as domain/swedish.py writes them. */
const NB = "\u00a0";
const MONTH_NAMES = ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"];

/* Ties go to the even digit, as in Python; a tie can only be where the binary number is exactly between. */
function fixed(x, n) {
  const twice = x * Math.pow(2, n + 1);
  if (Number.isInteger(twice) && twice % 2 === 1) {
    const scale = Math.pow(10, n);
    const low = Math.floor(x * scale);
    return ((low % 2 === 0 ? low : low + 1) / scale).toFixed(n);
  }
  return x.toFixed(n);
}

function decimal(x, n) {
  const parts = fixed(Math.abs(x), n).split(".");
  const text = parts[0].replace(/\B(?=(\d{3})+$)/g, NB) + (parts[1] ? "," + parts[1] : "");
  return x < 0 && /[1-9]/.test(text) ? "\u2212" + text : text;
}

function count(x) { return decimal(x, 0); }
function monthName(m) { return m === null ? "" : MONTH_NAMES[m % 12] + " " + Math.floor(m / 12); }
function monthShort(m) { return MONTH_NAMES[m % 12].slice(0, 3) + " " + Math.floor(m / 12); }
function monthCode(m) { return m === null ? "" : Math.floor(m / 12) + "-" + ("0" + (m % 12 + 1)).slice(-2); }
function capital(s) { return s.slice(0, 1).toUpperCase() + s.slice(1); }
/* Inside a sentence: small first letter, but not of abbreviations. */
function small(s) { return /^[A-ZÅÄÖ]{2}/.test(s) ? s : s.slice(0, 1).toLowerCase() + s.slice(1); }
function joinAnd(items) { return items.length < 2 ? items.join("") : items.slice(0, -1).join(", ") + " och " + items[items.length - 1]; }

/* What stands where a number would: never zero, never nothing. */
function stateText(x) {
  return { suppressed: "<" + DATA.threshold, secondary: "..", missing: "saknas", excluded: "utesluten" }[stateOf(x)];
}

const SPOKEN = { suppressed: "skyddat, färre än ", secondary: "skyddat" };
function spokenState(x) {
  const state = stateOf(x);
  return state === "suppressed" ? SPOKEN.suppressed + DATA.threshold : SPOKEN[state] || stateText(x);
}

const DECIMALS = { share: 1, probability: 0, days: 0, number: 1, count: 0 };
function isNumeric(column) { return column.kind in DECIMALS; }
function inPercent(column) { return column.kind === "share" || column.kind === "probability"; }

/* A cell in words. Shares are 0-1 in the tables and per cent in sight. A cell may carry its own decimals. */
function shown(x, column) {
  if (x !== null && typeof x === "object") { return shown(x.value, { kind: column.kind, decimals: x.decimals ?? column.decimals }); }
  if (!isNumeric(column)) { return column.kind === "month" ? (x === null ? "–" : monthName(x)) : x === null ? "saknas" : String(x); }
  if (!isNumber(x)) { return stateText(x); }
  const n = column.decimals ?? DECIMALS[column.kind];
  return decimal(inPercent(column) ? x * 100 : x, n);
}

function percent(x, coarse) { return isNumber(x) ? decimal(x * 100, coarse ? 0 : 1) + NB + "%" : stateText(x); }
/* In a sentence, where there is no number. */
function why(x) {
  return { suppressed: "är skyddad", secondary: "är skyddad", missing: "saknas", excluded: "är utesluten" }[stateOf(x)];
}
