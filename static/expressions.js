"use strict";
/* Expressions on the phone: forms/expressions/evaluator.py in JavaScript, over the same trees as JSON
   (forms/expressions/tree.py). run(tree, {known, own, today}); knows nothing of the page. */
(() => {
  const words = s => s.match(/[^ \t\n\r]+/g) || [], letters = s => Array.from(s);
  const iso = n => new Date(n * 864e5).toISOString().slice(0, 10);
  const day = s => {
    if (/^\d{4}-\d\d$/.test(s)) s += "-01";
    const n = /^\d{4}-\d\d-\d\d$/.test(s) && s > "0001" ? new Date(s) / 864e5 : NaN;
    return n === n && iso(n) === s ? n : NaN;
  };
  const num = v => {
    if (typeof v !== "string") return +v;
    v = words(v).join(" ");
    return /^-?(\d+\.?\d*|\.\d+)$/.test(v) ? +v : day(v);
  };
  const short = (s, most) => s.length > most ? letters(s).slice(0, most).join("") : s;
  const equal = (a, b) => {
    const either = type => typeof a === type || typeof b === type;
    return either("boolean") ? !a === !b : either("number") ? Math.abs(num(a) - num(b)) < 1e-12 : a === b;
  };
  const known = list => list.filter(n => n === n);
  const round = (n, p) => {
    p = Math.max(-15, Math.min(6, Math.trunc(p) || 0));
    const size = Math.abs(n);
    return size < 1e-6 ? 0 : size < 1e15 ? +(Math.round(n + "e" + p) + "e" + -p) : n;
  };
  const joined = s => ` ${words(s).join(" ")} `;

  const ANY = { /* parts as they are */
    or: (...v) => v.some(Boolean),
    and: (...v) => v.every(Boolean),
    not: a => !a,
    "true": () => true,
    "false": () => false,
    "=": equal,
    "!=": (a, b) => !equal(a, b),
    "if": (a, b, c) => a ? b : c,
    coalesce: (a, b) => a === "" || a !== a ? b : a,
    substr: (s, a, b) => letters(String(s)).slice(num(a), b && num(b)).join(""),
    "selected-at": (s, n) => num(n) >= 0 && words(String(s))[Math.trunc(num(n))] || "",
    count: (...v) => v.filter(a => a !== "").length,
    date: a => {
      const n = Math.floor(typeof a === "string" ? day(a) : num(a));
      return n >= -719162 && n < 2932897 ? iso(n) : "";
    }
  };
  const TEXT = { /* parts as texts */
    string: s => s,
    concat: (...v) => short(v.join(""), 2e4),
    contains: (s, t) => s.includes(t),
    "starts-with": (s, t) => s.startsWith(t),
    "string-length": s => letters(s).length,
    selected: (s, t) => joined(s).includes(joined(t)),
    "count-selected": s => words(s).length,
    regex: (s, p) => letters(s).length <= 2e3 && RegExp(`^(?:${p})$`, "u").test(s)
  };
  const NUMBER = { /* parts as numbers */
    "<": (a, b) => a < b,
    "<=": (a, b) => a <= b,
    ">": (a, b) => a > b,
    ">=": (a, b) => a >= b,
    "+": (...v) => v.reduce((a, b) => a + b),
    "*": (...v) => v.reduce((a, b) => a * b),
    "-": (...v) => v.length < 2 ? -v[0] : v[0] - v[1],
    div: (a, b) => a / b,
    mod: (a, b) => a % b,
    pow: Math.pow,
    abs: Math.abs,
    "int": a => Math.trunc(a) + 0,
    round,
    number: a => a,
    sum: (...v) => known(v).reduce((a, b) => a + b, 0),
    min: (...v) => known(v).reduce((a, b) => a <= b ? a : b, NaN),
    max: (...v) => known(v).reduce((a, b) => a >= b ? a : b, NaN)
  };

  const run = (tree, given) => {
    if (!Array.isArray(tree)) return tree;
    const [name, first] = tree;
    if (name === "$") return first in given.known ? given.known[first] : "";
    if (name === ".") return given.own;
    if (name === "today") return given.today;
    const parts = tree.slice(1).map(part => run(part, given));
    return name in NUMBER ? NUMBER[name](...parts.map(num))
      : name in TEXT ? TEXT[name](...parts.map(String)) : ANY[name](...parts);
  };
  window.phieuLogic = { run, round, day, iso, short };
})();
