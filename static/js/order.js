// The total of an order follows its lines. Without this it is typed; the server adds up anyhow.
"use strict";

(() => {
  const form = document.querySelector("[data-order-form]");
  if (!form) return;
  const total = form.elements.total_amount;
  const plain = (input) => input.value.normalize("NFKC").replace(/[,\s¥元]/g, "");
  // in whole hundredths: quantity and price have two places each
  const hundredths = (input) => (/^\d+(\.\d{1,2})?$/.test(plain(input)) ? Math.round(Number(plain(input)) * 100) : NaN);

  form.querySelector("[data-rows]").addEventListener("input", () => {
    let sum = 0;
    form.querySelectorAll(".rows__row").forEach((row) => {
      const [quantity, price] = ["quantity", "price_amount"].map((name) => row.querySelector(`[name="items-${name}"]`));
      if (quantity.value.trim() || price.value.trim()) sum += Math.round((hundredths(quantity) * hundredths(price)) / 100);
    });
    if (Number.isFinite(sum)) total.value = (sum / 100).toLocaleString("en-US", { minimumFractionDigits: sum % 100 ? 2 : 0 });
  });
})();
