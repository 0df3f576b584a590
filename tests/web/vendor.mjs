// What the page uses of preact and htm, as one module (see make_vendor.py).
import { h } from "preact";
import htm from "htm";

export { createContext, Fragment, h, render } from "preact";
export { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
export const html = htm.bind(h);
