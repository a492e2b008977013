import React, { useState } from "react";

type Props<T> = { items: T[]; onPick?: (item: T) => void; children?: React.ReactNode };

/** A list of things. */
export function List<T extends { id: number }>({ items, onPick, children }: Props<T>): JSX.Element {
  const [picked, setPicked] = useState<T | null>(null);
  return (
    <section className="list" data-count={items.length} hidden={!items.length}>
      {/* each of them */}
      {items.map((item) => (
        <Row key={item.id} {...item} onClick={() => onPick?.(item)} />
      ))}
      <Menu.Item disabled>Nothing &amp; more</Menu.Item>
      <>
        {picked ? <b style={{ color: "red" }}>{picked.id}</b> : children}
      </>
    </section>
  );
}

export default React.memo(List);
