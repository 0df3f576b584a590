// Types of preact.js: those of the packages it is made from.
import { h } from "preact";
export { createContext, Fragment, h, render } from "preact";
export { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
export function html(strings: TemplateStringsArray, ...values: unknown[]): ReturnType<typeof h>;
