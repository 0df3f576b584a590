/**
 * A map that can hold its breath. Without a graphics card a frame takes as long as all else together, so that frames drawn while the lines of
 * an answer are still being cut keep those lines from being seen.
 */
import { Map as Canvas } from "./vendor/maplibre-gl.mjs";

const LONGEST_MS = 400;

export class PatientMap extends Canvas {
  /** Ends the hold; set while nothing is drawn. Not private, since the constructor above asks for frames already. @type {(() => void) | undefined} */
  _letGo;

  /**
   * Draw nothing until a source is cut and its tiles are there, but for the one frame that asks for them; for so long at most.
   * @param {string} source
   */
  holdFor(source) {
    this._letGo?.();
    const timer = setTimeout(() => this._letGo?.(), LONGEST_MS);
    /** @param {{sourceId?: string, sourceDataType?: string}} event */
    const told = ({ sourceId, sourceDataType }) => {
      if (sourceId !== source) return;
      if (this.isSourceLoaded(source)) this._letGo?.();
      else if (sourceDataType === "content") super.triggerRepaint();
    };
    this._letGo = () => {
      clearTimeout(timer);
      this._letGo = undefined;
      this.off("sourcedata", told);
      super.triggerRepaint();
    };
    this.on("sourcedata", told);
  }

  /** Ask for a frame; nothing comes of it while the map is held. */
  triggerRepaint() {
    if (!this._letGo) super.triggerRepaint();
  }
}
