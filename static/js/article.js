// Brings the print button and the buttons that copy an attachment's address to life; without this script there are none.
"use strict";

(() => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // Browsers have the clipboard on https and on the machine itself only.
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const label = button.querySelector("[aria-live]");
      const before = label.textContent;
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
      } catch {
        return;
      }
      label.textContent = button.dataset.copied;
      setTimeout(() => (label.textContent = before), 3000);
    });
  }
})();
