import init from "{script}";

init({ module_or_path: "{wasm}" }).catch((error) => {
  document.documentElement.dataset.boot = "failed";
  throw error;
});
