// Review queue: choose all rows of the page, and say how many are chosen.
(() => {
  const boxes = () => [...document.querySelectorAll('input[name="chosen"][type="checkbox"]')];
  const show = () => {
    const count = document.querySelector("[data-selected-count]");
    const chosen = boxes().filter((box) => box.checked).length;
    if (count) count.textContent = chosen ? `已选 ${chosen} 条` : "";
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-all]")) {
      boxes().forEach((box) => { box.checked = event.target.checked; });
    }
    show();
  });
})();
