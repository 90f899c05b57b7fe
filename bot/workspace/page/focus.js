/** Keeps the keyboard where it was when what it stood on is drawn anew. */

/**
 * Remembers what has the focus inside *root*; the function it returns puts it back.
 * @param {HTMLElement} root
 */
export function keepFocus(root) {
  const node = document.activeElement;
  if (!node || !root.contains(node) || node === root) return () => {};
  const home = node.closest("[data-ts], [data-view-id]");
  const trail = address(node);
  const [start, end] = caret(node);
  return () => {
    if (node.isConnected) return;
    const scope = home ? (root.querySelector(sameHome(home)) ?? root) : root;
    const found = trail && locate(scope, trail);
    const target = found ?? (scope.matches("[tabindex]") ? scope : null);
    target?.focus({ preventScroll: true });
    if (found && start !== null) found.setSelectionRange?.(start, end);
  };
}

function sameHome(home) {
  const { ts, viewId } = home.dataset;
  return ts ? `[data-ts="${CSS.escape(ts)}"]` : `[data-view-id="${CSS.escape(viewId)}"]`;
}

function address(node) {
  const owner = node.closest("[data-action-id]");
  if (!owner) return null;
  const { actionId, value = "" } = owner.dataset;
  return {
    actionId,
    value,
    block: owner.closest("[data-block-id]")?.dataset.blockId,
    isOwner: owner === node,
  };
}

function locate(scope, { actionId, value, block, isOwner }) {
  const all = [...scope.querySelectorAll(`[data-action-id="${CSS.escape(actionId)}"]`)];
  const inBlock = all.filter((n) => n.closest("[data-block-id]")?.dataset.blockId === block);
  const candidates = inBlock.length ? inBlock : all;
  const owner = candidates.find((n) => (n.dataset.value ?? "") === value) ?? candidates[0];
  return isOwner ? owner : (owner?.querySelector("input, button, textarea") ?? owner);
}

function caret(node) {
  try {
    return [node.selectionStart ?? null, node.selectionEnd ?? null];
  } catch {
    return [null, null];
  }
}
