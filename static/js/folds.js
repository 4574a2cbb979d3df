/* Opens the <details> an address leads to (…#faq-12), also when that changes, and all of them for printing. */
(() => {
  "use strict";

  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.matches("details.fold")) {
      target.open = true;
      target.scrollIntoView();
    }
  };

  reveal();
  addEventListener("hashchange", reveal);

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details.fold:not([open])")];
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
  });
})();
