interface SparklineProps {
  /** One a day, today last. */
  values: readonly number[];
  /** What it says, for those who do not see it; others read it on hovering. */
  label: string;
}

const [WIDTH, HEIGHT] = [90, 22];

/** How a figure went, without axes: a bar a day. A day with nothing has none. */
export function Sparkline({ values, label }: SparklineProps) {
  const top = Math.max(...values, 1);
  const step = WIDTH / Math.max(values.length, 1);
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {values.map((value, at) => {
        const height = value === 0 ? 0 : Math.max(1.5, (value / top) * (HEIGHT - 2));
        return <rect key={at} x={at * step + step * 0.1} y={HEIGHT - 1 - height} width={step * 0.8} height={height} />;
      })}
    </svg>
  );
}
