// Brings a flow into sight: all of it where it fits, else from its start on.
import type { useReactFlow } from '@xyflow/react';

export const FIT = { maxZoom: 1, minZoom: 0.6, padding: 0.12 };
const MARGIN = 40;

export async function showFlow(
  flow: Pick<ReturnType<typeof useReactFlow>, 'fitView' | 'getNode' | 'getViewport' | 'setViewport'>,
  start: string,
  sheet: Element | null | undefined,
): Promise<void> {
  await flow.fitView(FIT);
  const node = flow.getNode(start);
  const area = sheet?.getBoundingClientRect();
  if (!node || !area) return;
  const { x, y, zoom } = flow.getViewport();
  const left = node.position.x * zoom + x;
  const top = node.position.y * zoom + y;
  const isInSight = top >= 0 && top <= area.height - 2 * MARGIN;
  if (left >= 0 && isInSight) return;
  await flow.setViewport({
    x: left >= 0 ? x : MARGIN - node.position.x * zoom,
    y: isInSight ? y : area.height / 3 - node.position.y * zoom,
    zoom,
  });
}
