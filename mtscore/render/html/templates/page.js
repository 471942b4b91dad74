"use strict";
// Sorts the overview by the column whose heading is pressed. The page is complete without it.
const table = document.getElementById("overview");
const headings = [...table.tHead.rows[0].cells];
const valueOf = (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.value === undefined ? cell.textContent.trim() : cell.dataset.value;
};
const compare = (left, right, isNumber) => {
  if (left === "" || right === "") return (left === "") - (right === "");
  return isNumber ? left - right : left.localeCompare(right);
};
headings.forEach((heading, column) => {
  const button = heading.querySelector("button");
  const isNumber = heading.classList.contains("number");
  button.disabled = false;
  button.addEventListener("click", () => {
    const current = heading.getAttribute("aria-sort");
    const isDown = current ? current === "ascending" : isNumber;
    const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row, column), row]);
    rows.sort(([a], [b]) => {
      const order = compare(a, b, isNumber);
      return isDown && a !== "" && b !== "" ? -order : order;
    });
    headings.forEach((other) => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    table.tBodies[0].append(...rows.map(([, row]) => row));
  });
});
// A link to an article that is folded unfolds it.
const unfold = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const folded = target && target.closest("details.document");
  if (folded && !folded.open) {
    folded.open = true;
    target.scrollIntoView();
  }
};
addEventListener("hashchange", unfold);
unfold();
