import type { Rail } from './lanes';
import classes from './meeting.module.css';

const step = 14;
const most = 7;
const middle = 26;
const at = (lane: number) => Math.min(lane, most) * step + 8;

export const railWidth = (rails: Rail[]) => at(Math.max(0, ...rails.flatMap(({ lane, before }) => [lane, ...before]))) + 10;

/** The lines of the chains beside one message: those that pass by, the one that it stands on, and the one that it branches from. */
export function ChainRail({ rail, width }: { rail: Rail; width: number }) {
  const { lane, parent, before, after } = rail;
  const passing = before.filter((one) => after.includes(one) && one !== lane);
  const branches = parent !== undefined && parent !== lane;
  return (
    <span className={classes.rail} style={{ width }} aria-hidden>
      {passing.map((one) => <i key={one} style={{ left: at(one), top: 0, bottom: 0 }} />)}
      {parent === lane && <i style={{ left: at(lane), top: 0, height: middle }} />}
      {after.includes(lane) && <i style={{ left: at(lane), top: middle, bottom: 0 }} />}
      {branches && (
        <svg width={width} height={middle} viewBox={`0 0 ${width} ${middle}`}>
          <path d={`M ${at(parent) + 1} 0 C ${at(parent) + 1} ${middle * 0.8}, ${at(lane) + 1} ${middle * 0.3}, ${at(lane) + 1} ${middle}`} />
        </svg>
      )}
      <b style={{ left: at(lane) - 3, top: middle - 4 }} />
    </span>
  );
}
