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

  // A finger leaves a mark as soon as it has touched it: what it touched is pointed at again, until the next touch.
  const addTouching = () => {
    document.addEventListener("click", (event) => {
      if (event.pointerType === "mouse") return;
      document.getElementById("vg-tooltip-element")?.classList.remove("visible");
      const { clientX, clientY } = event;
      const moved = new PointerEvent("pointermove", { bubbles: true, clientX, clientY });
      if (event.target.closest?.(".plot")) event.target.dispatchEvent(moved);
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
    const count = document.createElement("output");
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
      count.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
    });
    bar.append(field, count);
    table.parentElement.before(bar);
  };

  const addCopying = (place) => {
    const button = document.createElement("button");
    const text = place.textContent.trim();
    button.type = "button";
    button.className = "copy";
    button.textContent = "copy";
    button.addEventListener("click", async () => {
      const range = document.createRange();
      range.selectNodeContents(place.firstElementChild);
      window.getSelection().removeAllRanges();
      window.getSelection().addRange(range);
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "copied";
      } catch {
        button.textContent = "selected: copy it"; // this browser lets no page from a disk write
      }
    });
    place.append(button);
  };

  // A chart needs its width, which one in a closed chapter has not yet.
  const drawOpen = () => {
    const waiting = [...document.querySelectorAll("figure.chart:not([data-is-drawn])")].filter(
      (figure) => !figure.closest("details.chapter:not([open])"),
    );
    for (const figure of waiting) figure.dataset.isDrawn = "";
    return Promise.all(waiting.map(drawChart));
  };

  const chapters = [...document.querySelectorAll("details.chapter")];
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let place = target; place; place = place.parentElement) if (place.tagName === "DETAILS") place.open = true;
    target.scrollIntoView();
  };

  const markContents = () => {
    const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
    const watcher = new IntersectionObserver(() => {
      const top = chapters.findLast((chapter) => chapter.getBoundingClientRect().top < window.innerHeight / 3);
      for (const [id, link] of links) link.toggleAttribute("aria-current", id === top?.id);
    }, { rootMargin: "0px 0px -66% 0px", threshold: [0, 0.01] });
    for (const chapter of chapters) watcher.observe(chapter);
  };

  for (const table of document.querySelectorAll("main table")) {
    if (table.tBodies[0].rows.length > 1) addSorting(table);
    if (table.tBodies[0].rows.length > 12) addSearch(table);
  }
  for (const place of document.querySelectorAll("[data-copy]")) addCopying(place);
  if (window.matchMedia("(max-width: 40rem)").matches) for (const chapter of chapters) chapter.open = false;
  for (const chapter of chapters) chapter.addEventListener("toggle", () => chapter.open && drawOpen());
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link && link.hash === location.hash) reveal(); // such a click changes no address
  });
  window.addEventListener("beforeprint", () => {
    for (const place of document.querySelectorAll("details")) place.open = true;
  });
  addTouching();
  reveal();
  markContents();
  drawOpen().then(() => {
    document.documentElement.dataset.charts = "drawn";
  });
})();
