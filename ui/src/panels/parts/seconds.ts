/** Renders a component anew each second. Only for the age of a lost link, which no server tells. */

import { useEffect, useState } from "preact/hooks";

export function useSeconds(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setCount((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return count;
}
