"use strict";
/* Conditions and calculations, live, from the JSON of forms/page_logic.py; static/expressions.js comes
   first. Comfort only, the server decides; phieuLogic.check(form) says what it would refuse. */
(() => {
  const { run, round, day, iso, short } = window.phieuLogic;

  /* What was typed, read as the server reads it where that is short to say. */
  const tidy = s => s.replace(/\s+/g, " ").trim();
  const amount = (s, whole) => {
    const m = /^([+-]?[\d., ]*\d) ?(t[ỷỉy]|tr|k|ng|)\D*$/.exec(tidy(s).toLowerCase());
    if (!m) return "";
    let [, n, unit] = m;
    n = n.replace(/ /g, "");
    if (/^.?\d{0,2}(\.\d{3})+(,\d+)?$/.test(n) && !/^.?0/.test(n)) n = n.replace(/\./g, "");
    if (whole && !unit && /^.?\d{0,2}(,\d{3})+$/.test(n)) n = n.replace(/,/g, "");
    n = +n.replace(",", ".") * (unit ? unit === "tr" ? 1e6 : unit[0] === "t" ? 1e9 : 1e3 : 1);
    return n === n ? n : "";
  };
  const read = ({ name, kind }, typed) => {
    const part = end => (typed[name + end] || "").trim(), two = end => "-" + ("0" + part(end)).slice(-2);
    let s = part(""), year = part(".year");
    if (/[in]/.test(kind)) return amount(s, kind === "i");
    if (kind === "p") return s.replace(/[\s.()·-]/g, "");
    if (kind === "t") return tidy(s);
    if (year) s = kind === "m" ? year + two(".month") : year + (part(".month") ? two(".month") + two(".day") : "-01-01");
    return day(s) === day(s) ? s : "";
  };
  const kept = v => typeof v !== "number" ? short(tidy(String(v)), 2e3) : Math.abs(v) <= 1e15 ? round(v, 6) : "";

  const held = document.getElementById("_logic"), logic = held && JSON.parse(held.textContent);
  if (!logic) return;
  logic.questions.forEach(q => { q.fits = Object.assign(Object.create(null), q.fits); });
  const each = (list, act) => [].forEach.call(list, act);

  const look = form => {
    const typed = Object.create(null), known = Object.create(null), now = new Date();
    const given = { known, own: "", today: iso((now - now.getTimezoneOffset() * 6e4) / 864e5) };
    /* a question may be called `elements` */
    each(Element.prototype.querySelectorAll.call(form, "input,select,textarea"), e => {
      if (e.checked || !/radio|checkbox/.test(e.type)) typed[e.name] = (e.name in typed ? typed[e.name] + " " : "") + e.value;
    });
    given.asked = logic.questions.filter(q => {
      if (![logic.sections[q.section], q.relevant].every(tree => tree == null || run(tree, given))) return false;
      const v = "calculation" in q ? kept(run(q.calculation, given)) : read(q, typed);
      if (v !== "") known[q.name] = v;
      return true;
    });
    return given;
  };
  const draw = form => {
    const given = look(form), { known, asked } = given;
    let unticked = false;
    logic.questions.forEach(q => {
      const place = document.getElementById(q.name), box = place && place.closest(".question");
      if (!box) return;
      const hidden = box.hidden = !asked.includes(q), now = hidden + known[q.filter];
      if (q.now !== now) each(box.querySelectorAll("input,select,textarea,button"), e => { e.disabled = hidden; });
      if (q.filter && q.now !== now) each(box.querySelectorAll(`input[name="${q.name}"],option`), e => {
        const off = e.value in q.fits && !q.fits[e.value].includes(known[q.filter]);
        if (off && (e.checked || e.selected)) unticked = !(e.checked = e.selected = false);
        e.disabled = hidden || off;
        (e.closest(".row") || e).hidden = off;
      });
      q.now = now;
      if ("calculation" in q) {
        place.textContent = q.name in known ? known[q.name].toLocaleString(document.documentElement.lang, { maximumFractionDigits: 6 }) : "";
      }
    });
    logic.sections.forEach((tree, n) => {
      const heading = document.getElementById("_s" + n);
      if (heading) heading.hidden = !run(tree, given);
    });
    if (unticked) draw(form);
  };
  window.phieuLogic.check = form => {
    const given = look(form);
    return given.asked.map(q => {
      const empty = !(q.name in given.known);
      given.own = given.known[q.name];
      const wrong = empty ? q.required && run(q.required, given) : "constraint" in q && !run(q.constraint, given);
      return wrong && { name: q.name, message: empty ? q.missing || logic.missing : q.message || logic.message };
    }).filter(Boolean);
  };
  const again = () => each(document.querySelectorAll("form[method=post]"), draw);
  ["input", "change", "pageshow"].forEach(what => addEventListener(what, again));
  addEventListener("reset", () => setTimeout(again));
  again();
})();
