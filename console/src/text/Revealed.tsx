import { Fragment, memo } from 'react';
import { reveal } from './reveal';
import classes from './text.module.css';

/** A text of an agent on one line or several, with what would not be seen made visible. */
export const Revealed = memo(function Revealed({ text }: { text: string }) {
  return reveal(text).map((piece, i) =>
    typeof piece === 'string' ? (
      <Fragment key={i}>{piece}</Fragment>
    ) : (
      <span key={i} className={classes.hidden} title="A character that would not be seen">
        {piece.hidden}
      </span>
    ),
  );
});
