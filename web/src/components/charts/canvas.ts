// A canvas as large as its place and as sharp as the screen, painted again when either, the theme or what is drawn changes.

import { type RefObject, useEffect, useRef, useState } from "react";
import { resolveColor } from "../../lib/colors.ts";
import { useThemeChange } from "./useThemeChange.ts";

export interface Pen {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  /** A design token, or a place in the palette, as a canvas takes it. */
  color: (name: string) => string;
}

export function useCanvas(height: number, paint: (pen: Pen) => void): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [theme, setTheme] = useState(0);
  useThemeChange(() => setTheme((count) => count + 1));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme paints again
  useEffect(() => {
    const element = canvas.current;
    const parent = element?.parentElement;
    const context = element?.getContext("2d");
    if (!element || !parent || !context) return;
    const known = new Map<string, string>();
    const color = (name: string) => {
      const found = known.get(name) ?? resolveColor(`var(${name})`, parent);
      known.set(name, found);
      return found;
    };
    const draw = () => {
      const width = parent.clientWidth;
      element.width = Math.round(width * devicePixelRatio);
      element.height = Math.round(height * devicePixelRatio);
      element.style.width = `${width}px`;
      element.style.height = `${height}px`;
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      context.clearRect(0, 0, width, height);
      context.font = `11px ${getComputedStyle(parent).fontFamily}`;
      paint({ context, width, height, color });
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(parent);
    return () => observer.disconnect();
  }, [height, paint, theme]);
  return canvas;
}

/** The text, or as much of it as fits. */
export function shorten(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let cut = text;
  while (cut.length > 1 && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return `${cut}…`;
}
