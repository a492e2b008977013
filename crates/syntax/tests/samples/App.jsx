import { h, Fragment } from 'preact';

const STYLE = { color: 'red', margin: 4 };

// A button with a count.
export function Button({ label, count = 0, ...rest }) {
  const press = async (event) => {
    event.preventDefault();
    await rest.onPress?.(count + 1);
  };
  return (
    <button type="button" style={STYLE} onClick={press} {...rest}>
      {label} <em>{count > 9 ? '9+' : count}</em>
      <Icons.Plus size={16} title='more' />
    </button>
  );
}
