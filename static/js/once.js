// A form with a data-once button is sent once: a second click while the first is on its way does nothing.
"use strict";

(() => {
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    else if (event.target.querySelector("[data-once]")) event.target.dataset.sent = "1";
  });
  // a page that comes back from the browser's memory may be sent again
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
})();
