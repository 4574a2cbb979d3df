// Shows the OpenAPI document with Swagger UI. Everything comes from this site.
"use strict";

const place = document.getElementById("api-docs");

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
