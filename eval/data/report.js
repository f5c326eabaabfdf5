"use strict";
// The filter of the misses: without a script they are all shown.
const form = document.querySelector(".filter");
const rows = [...document.querySelectorAll(".misses > li")];

function filter() {
  const { kind, code, text } = Object.fromEntries(new FormData(form));
  const wanted = text.trim().toLowerCase();
  for (const row of rows) {
    row.hidden = !(holds(row.dataset.kinds, kind) && holds(row.dataset.codes, code)
      && row.textContent.toLowerCase().includes(wanted));
  }
  form.querySelector("output").textContent = `${rows.filter((row) => !row.hidden).length} / ${rows.length} 条`;
}

const holds = (codes, code) => !code || codes.split(" ").includes(code);

if (rows.length) {
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
}
