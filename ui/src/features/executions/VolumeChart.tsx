// How many executions ran, went well and failed, over time; drag over it to look at a part.
import { Group, Paper, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useRef, useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { exact } from '../../components/When';
import { bars, niceTop, type Bar, type Bucket } from './buckets';
import classes from './charts.module.css';

const HEIGHT = 132;
const LEFT = 36;
/** As wide as the longest time below the chart. */
const LABEL = 56;
const FOOT = 20;

interface Props {
  buckets: Bucket[];
  bucketSeconds: number;
  /** Called with the span that was dragged over. */
  onSpan?: (since: string, until: string) => void;
}

export function VolumeChart({ buckets, bucketSeconds, onSpan }: Props) {
  const { t, i18n } = useTranslation('executions');
  const { ref, width } = useElementSize();
  const [hovered, setHovered] = useState<number | null>(null);
  const [dragged, setDragged] = useState<[number, number] | null>(null);
  const from = useRef<number | null>(null);
  const language = i18n.resolvedLanguage ?? 'en';
  const shown = bars(buckets);
  const top = niceTop(Math.max(1, ...shown.map((bar) => bar.ok + bar.failed)));
  const inner = Math.max(0, width - LEFT);
  const step = shown.length > 0 ? inner / shown.length : 0;
  const scale = (count: number) => (count / top) * (HEIGHT - FOOT - 8);
  const total = shown.reduce((sum, bar) => ({ ok: sum.ok + bar.ok, failed: sum.failed + bar.failed }), {
    ok: 0,
    failed: 0,
  });

  const placeOf = (event: PointerEvent<SVGSVGElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT;
    return Math.min(shown.length - 1, Math.max(0, Math.floor(x / step)));
  };
  function move(event: PointerEvent<SVGSVGElement>) {
    if (step === 0) return;
    const place = placeOf(event);
    setHovered(place);
    if (from.current !== null) setDragged([Math.min(from.current, place), Math.max(from.current, place)]);
  }
  function press(event: PointerEvent<SVGSVGElement>) {
    if (!onSpan || step === 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = placeOf(event);
  }
  function release() {
    const [first, last] = dragged ?? [0, 0];
    const start = shown[first];
    const end = shown[last];
    if (onSpan && dragged && first !== last && start && end) {
      onSpan(start.at, new Date(Date.parse(end.at) + bucketSeconds * 1000).toISOString());
    }
    from.current = null;
    setDragged(null);
  }

  const bar = hovered === null ? null : (shown[hovered] ?? null);
  return (
    <Paper p="md">
      <Group justify="space-between" mb={4} gap="xs">
        <Text size="sm" fw={600}>
          {t('volume')}
        </Text>
        <Text size="xs" c="dimmed" className="tabular" aria-hidden>
          {bar ? `${exact(bar.at, language)}: ` : ''}
          {t('okAndFailed', bar ?? total)}
        </Text>
      </Group>
      <div ref={ref}>
        <svg
          width="100%"
          height={HEIGHT}
          role="img"
          aria-label={`${t('volume')}: ${t('okAndFailed', total)}`}
          className={onSpan ? classes.selectable : undefined}
          onPointerMove={move}
          onPointerDown={press}
          onPointerUp={release}
          onPointerLeave={() => setHovered(null)}
        >
          {[0, top / 2, top]
            .filter((tick) => Number.isInteger(tick))
            .map((tick) => (
              <g key={tick} className={classes.tick}>
                <line x1={LEFT} x2={width} y1={HEIGHT - FOOT - scale(tick)} y2={HEIGHT - FOOT - scale(tick)} />
                <text x={LEFT - 8} y={HEIGHT - FOOT - scale(tick) + 4} textAnchor="end">
                  {new Intl.NumberFormat(language, { notation: 'compact' }).format(tick)}
                </text>
              </g>
            ))}
          {dragged ? (
            <rect
              className={classes.span}
              x={LEFT + dragged[0] * step}
              width={(dragged[1] - dragged[0] + 1) * step}
              y={0}
              height={HEIGHT - FOOT}
            />
          ) : null}
          {shown.map((each, place) => (
            <Column
              key={each.at}
              bar={each}
              x={LEFT + place * step}
              width={Math.max(1, step - Math.min(3, step / 4))}
              scale={scale}
              isHovered={place === hovered}
            />
          ))}
          <TimeTicks bars={shown} step={step} bucketSeconds={bucketSeconds} language={language} />
        </svg>
      </div>
    </Paper>
  );
}

function Column({
  bar,
  x,
  width,
  scale,
  isHovered,
}: {
  bar: Bar;
  x: number;
  width: number;
  scale: (count: number) => number;
  isHovered: boolean;
}) {
  const ok = scale(bar.ok);
  const failed = scale(bar.failed);
  const floor = HEIGHT - FOOT;
  return (
    <g className={isHovered ? classes.hovered : undefined}>
      <rect className={classes.ok} x={x} width={width} y={floor - ok} height={ok} rx={Math.min(2, width / 3)} />
      <rect
        className={classes.failed}
        x={x}
        width={width}
        y={floor - ok - failed}
        height={failed}
        rx={Math.min(2, width / 3)}
      />
    </g>
  );
}

function TimeTicks({
  bars: shown,
  step,
  bucketSeconds,
  language,
}: {
  bars: Bar[];
  step: number;
  bucketSeconds: number;
  language: string;
}) {
  if (step === 0) return null;
  const every = Math.max(1, Math.ceil(88 / step));
  const format = new Intl.DateTimeFormat(
    language,
    bucketSeconds >= 86_400
      ? { month: 'short', day: 'numeric' }
      : shown.length * bucketSeconds > 2 * 86_400
        ? { month: 'short', day: 'numeric', hour: '2-digit' }
        : { hour: '2-digit', minute: '2-digit' },
  );
  return (
    <g className={classes.tick}>
      {shown.map((bar, place) =>
        place % every === 0 && (shown.length - place) * step > LABEL ? (
          <text key={bar.at} x={LEFT + place * step} y={HEIGHT - 4}>
            {format.format(new Date(bar.at))}
          </text>
        ) : null,
      )}
    </g>
  );
}
