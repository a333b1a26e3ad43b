// [data-month]: arrow keys move between days, Home and End within a week, Page Up and Page Down between months.
for (const table of document.querySelectorAll("[data-month]")) {
  const cells = [...table.querySelectorAll("tbody td")];
  const rightToLeft = getComputedStyle(table).direction === "rtl";
  const steps = { ArrowUp: -7, ArrowDown: 7, ArrowLeft: rightToLeft ? 1 : -1, ArrowRight: rightToLeft ? -1 : 1 };
  const turn = { PageUp: "prev", PageDown: "next" };

  const enter = (cell) => {
    const link = cell?.querySelector("a.day");
    const target = link?.checkVisibility?.() ? link : cell;
    if (target === cell) cell?.setAttribute("tabindex", "-1");
    target?.focus();
  };

  table.addEventListener("keydown", (event) => {
    const at = cells.indexOf(event.target.closest("td"));
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const week = at - (at % 7);
    let to;
    if (event.key in steps) to = at + steps[event.key];
    else if (event.key === "Home") to = week;
    else if (event.key === "End") to = week + 6;
    else if (event.key in turn) document.querySelector(`.month-head [rel=${turn[event.key]}]`)?.click();
    else return;
    event.preventDefault();
    if (to !== undefined) enter(cells[to]);
  });
}
