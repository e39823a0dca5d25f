"use strict";

// Draws the charts, and adds search and sorting to the tables; without it the tables are plain and whole.
(() => {
  const drawChart = (figure) => {
    const name = figure.dataset.chart;
    const specification = JSON.parse(document.getElementById(`chart-${name}`).textContent);
    return window.vegaEmbed(document.getElementById(`plot-${name}`), specification, {
      actions: false,
      ast: true, // Vega's interpreter: the page's policy forbids eval
      defaultStyle: false,
      renderer: "svg",
      tooltip: { disableDefaultStyle: true },
    });
  };

  const keyOf = (row, place) => {
    const cell = row.cells[place];
    return cell.dataset.key ?? cell.textContent;
  };

  const compare = (left, right, isNumber) => {
    if (!left || !right) return left ? -1 : right ? 1 : 0; // nothing stands last, whatever the direction
    return isNumber ? Number(left) - Number(right) : left < right ? -1 : left > right ? 1 : 0;
  };

  const sortBy = (table, place, isAscending) => {
    const isNumber = table.tHead.rows[0].cells[place].classList.contains("number");
    const rows = [...table.tBodies[0].rows].map((row) => [keyOf(row, place), row]);
    rows.sort(([left], [right]) => {
      const order = compare(left, right, isNumber);
      return left && right && !isAscending ? -order : order;
    });
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };

  const addSorting = (table) => {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.setAttribute("aria-label", `sort by ${heading.textContent.trim()}`);
      button.addEventListener("click", () => {
        const isAscending = heading.getAttribute("aria-sort") !== "ascending";
        headings.forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", isAscending ? "ascending" : "descending");
        sortBy(table, place, isAscending);
      });
      heading.append(button);
    });
  };

  const addSearch = (table) => {
    const rows = [...table.tBodies[0].rows];
    const bar = document.createElement("p");
    const field = document.createElement("input");
    const told = document.createElement("output");
    bar.className = "search";
    field.type = "search";
    field.placeholder = "Search this table";
    field.setAttribute("aria-label", field.placeholder);
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      told.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
    });
    bar.append(field, told);
    table.parentElement.before(bar);
  };

  for (const table of document.querySelectorAll("main table:has(thead)")) {
    if (table.tBodies[0].rows.length > 1) addSorting(table);
    if (table.tBodies[0].rows.length > 12) addSearch(table);
  }
  Promise.all([...document.querySelectorAll("figure.chart")].map(drawChart)).then(() => {
    document.documentElement.dataset.charts = "drawn";
  });
})();
