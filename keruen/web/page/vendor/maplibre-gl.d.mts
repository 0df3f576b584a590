// Types of maplibre-gl.mjs: those of its package.
export * from "maplibre-gl";
