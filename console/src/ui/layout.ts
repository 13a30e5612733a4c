export type Place = { x: number; y: number };
export type Edge = { from: string; to: string; weight: number };

/** Puts names on a plane of 1 × 1 so that those who talk stand near each other. The same names always stand the same. */
export function layout(names: string[], edges: Edge[], rounds = 260): Map<string, Place> {
  const places = new Map(names.map((name, i) => [name, { x: 0.5 + 0.38 * Math.cos((2 * Math.PI * i) / names.length), y: 0.5 + 0.38 * Math.sin((2 * Math.PI * i) / names.length) }]));
  const all = [...places.entries()];
  const rest = 0.62 / Math.sqrt(Math.max(1, names.length));
  for (let round = 0; round < rounds; round++) {
    const heat = 0.03 * (1 - round / rounds);
    const moves = new Map(names.map((name) => [name, { x: (0.5 - places.get(name)!.x) * 0.08, y: (0.5 - places.get(name)!.y) * 0.08 }]));
    for (let i = 0; i < all.length; i++) {
      for (let j = i + 1; j < all.length; j++) {
        const [one, a] = all[i]!;
        const [other, b] = all[j]!;
        const dx = a.x - b.x || 1e-4 * (i + 1);
        const dy = a.y - b.y || 1e-4;
        const distance = Math.max(0.02, Math.hypot(dx, dy));
        const push = (rest * rest) / (distance * distance);
        add(moves.get(one)!, (dx / distance) * push * 0.12, (dy / distance) * push * 0.12);
        add(moves.get(other)!, (-dx / distance) * push * 0.12, (-dy / distance) * push * 0.12);
      }
    }
    for (const { from, to, weight } of edges) {
      const a = places.get(from);
      const b = places.get(to);
      if (!a || !b) continue;
      const distance = Math.hypot(b.x - a.x, b.y - a.y) || 1e-4;
      const pull = (distance - rest) * (0.5 + 0.5 * weight);
      add(moves.get(from)!, ((b.x - a.x) / distance) * pull, ((b.y - a.y) / distance) * pull);
      add(moves.get(to)!, ((a.x - b.x) / distance) * pull, ((a.y - b.y) / distance) * pull);
    }
    for (const [name, place] of all) {
      const move = moves.get(name)!;
      const size = Math.hypot(move.x, move.y) || 1;
      const step = Math.min(size, heat) / size;
      place.x = Math.min(0.95, Math.max(0.05, place.x + move.x * step));
      place.y = Math.min(0.93, Math.max(0.07, place.y + move.y * step));
    }
  }
  return places;
}

function add(to: Place, x: number, y: number) {
  to.x += x;
  to.y += y;
}
