import { useNarrow } from '../ui/narrow.ts';
import { roundUp, type Unit } from './bars.ts';

interface BarChartProps {
  units: readonly Unit[];
  /** The groups, as they are stacked from below; the rest is `null`. */
  names: readonly (string | null)[];
  format: (value: number) => string;
  /** What a unit is called: a day, an hour. */
  label: (at: string) => string;
  title: string;
}

const [WIDE, NARROW, HEIGHT, LEFT, BOTTOM] = [960, 400, 220, 64, 22];

/** Stacked bars over time. Whoever does not see them has the table beneath the chart. */
export function BarChart({ units, names, format, label, title }: BarChartProps) {
  const isNarrow = useNarrow();
  const width = isNarrow ? NARROW : WIDE;
  const top = roundUp(Math.max(...units.map(({ total }) => total), 0));
  const step = (width - LEFT) / Math.max(units.length, 1);
  const y = (value: number) => (HEIGHT - BOTTOM) * (1 - value / top) + 4;
  return (
    <svg
      className="bars"
      data-narrow={isNarrow || undefined}
      viewBox={`0 0 ${width} ${HEIGHT + 8}`}
      role="img"
      aria-label={title}
    >
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line x1={LEFT} x2={width} y1={y(top * share)} y2={y(top * share)} className="bars-line" />
          <text x={LEFT - 8} y={y(top * share) + 4} textAnchor="end">
            {format(top * share)}
          </text>
        </g>
      ))}
      {units.map((unit, at) => (
        <Bar
          key={unit.at}
          unit={unit}
          names={names}
          x={LEFT + at * step}
          width={step}
          y={y}
          text={`${label(unit.at)}: ${format(unit.total)}`}
        />
      ))}
      {[0, units.length - 1].map((at) => {
        const unit = units[at];
        if (!unit) return null;
        return (
          <text key={at} x={at === 0 ? LEFT : width} y={HEIGHT + 4} textAnchor={at === 0 ? 'start' : 'end'}>
            {label(unit.at)}
          </text>
        );
      })}
    </svg>
  );
}

interface BarProps {
  unit: Unit;
  names: readonly (string | null)[];
  x: number;
  width: number;
  y: (value: number) => number;
  text: string;
}

function Bar({ unit, names, x, width, y, text }: BarProps) {
  const gap = Math.min(3, width * 0.2);
  const stacked = names.flatMap((name, at) => {
    const value = unit.parts.find((part) => part.name === name)?.value ?? 0;
    const below = names
      .slice(0, at)
      .reduce((sum, one) => sum + (unit.parts.find((part) => part.name === one)?.value ?? 0), 0);
    return value > 0 ? [{ at, value, below }] : [];
  });
  return (
    <g>
      <title>{text}</title>
      <rect x={x} width={width} y={0} height={HEIGHT - BOTTOM + 4} className="bars-unit" />
      {stacked.map(({ at, value, below }) => (
        <rect
          key={at}
          className={`bars-part part-${at}`}
          x={x + gap / 2}
          width={Math.max(width - gap, 1)}
          y={y(below + value)}
          height={Math.max(y(below) - y(below + value), 0.5)}
        />
      ))}
    </g>
  );
}
