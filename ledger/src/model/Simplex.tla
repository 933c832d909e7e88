------------------------------- MODULE Simplex -------------------------------
(* The safety of the consensus of docs/ledger.md, without time.                *)
(*                                                                             *)
(* A block is the whole chain that ends with it: a sequence of <<view, name>>, *)
(* so that "is an ancestor of" is "is a prefix of". Any block may have been    *)
(* proposed at any time, which covers every leader, honest or not. What a      *)
(* Byzantine validator could sign counts as signed by it: a certificate stands *)
(* once so many honest votes do that the Byzantine ones make up the quorum.    *)
(* Messages may be late or lost: nobody has to act on what it could know.      *)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
  Honest,      \* validators that follow the protocol
  Byzantine,   \* how many do not
  Quorum,
  LastView,
  Names,       \* of blocks: a leader may propose as many in a view
  \* The rules. Each is a guard of the Java core, and turned off by an instance that must fail.
  OneNotarizationPerView,
  CheckGap,
  FinalizeNotAfterNullify,
  WriteAheadLog

VARIABLES
  view,      \* the current view of each honest validator
  \* What each has sent ...
  notarizations, nullifications, finalizations,
  \* ... and the views of which it remembers that it has sent it.
  notarizedViews, nullifiedViews, finalizedViews

vars == <<view, notarizations, nullifications, finalizations,
          notarizedViews, nullifiedViews, finalizedViews>>

Views == 1..LastView

RECURSIVE ChainsUpTo(_)
ChainsUpTo(v) ==
  IF v = 0 THEN {<<>>}
  ELSE LET shorter == ChainsUpTo(v - 1)
       IN shorter \union {Append(c, <<v, name>>) : c \in shorter, name \in Names}

Chains == ChainsUpTo(LastView)
Genesis == <<>>
Blocks == Chains \ {Genesis}

ViewOf(b) == IF b = Genesis THEN 0 ELSE b[Len(b)][1]
Parent(b) == SubSeq(b, 1, Len(b) - 1)
Prefix(a, b) == Len(a) <= Len(b) /\ SubSeq(b, 1, Len(a)) = a

-----------------------------------------------------------------------------
(* Certificates                                                              *)

Enough(signers) == Cardinality(signers) + Byzantine >= Quorum

Notarized(b) == b = Genesis \/ Enough({p \in Honest : b \in notarizations[p]})
Nullified(v) == Enough({p \in Honest : v \in nullifications[p]})
Final(b) == b = Genesis \/ Enough({p \in Honest : b \in finalizations[p]})

-----------------------------------------------------------------------------
Init ==
  /\ view = [p \in Honest |-> 1]
  /\ notarizations = [p \in Honest |-> {}]
  /\ nullifications = [p \in Honest |-> {}]
  /\ finalizations = [p \in Honest |-> {}]
  /\ notarizedViews = [p \in Honest |-> {}]
  /\ nullifiedViews = [p \in Honest |-> {}]
  /\ finalizedViews = [p \in Honest |-> {}]

Notarize(p, b) ==
  /\ ViewOf(b) = view[p]
  /\ view[p] \notin nullifiedViews[p]
  /\ OneNotarizationPerView => view[p] \notin notarizedViews[p]
  /\ b \notin notarizations[p]
  /\ Notarized(Parent(b))
  /\ CheckGap => \A v \in ViewOf(Parent(b)) + 1 .. view[p] - 1 : Nullified(v)
  /\ notarizations' = [notarizations EXCEPT ![p] = @ \union {b}]
  /\ notarizedViews' = [notarizedViews EXCEPT ![p] = @ \union {view[p]}]
  /\ UNCHANGED <<view, nullifications, finalizations, nullifiedViews, finalizedViews>>

Nullify(p) ==
  /\ view[p] \in Views
  /\ view[p] \notin nullifiedViews[p]
  /\ view[p] \notin finalizedViews[p]
  /\ nullifications' = [nullifications EXCEPT ![p] = @ \union {view[p]}]
  /\ nullifiedViews' = [nullifiedViews EXCEPT ![p] = @ \union {view[p]}]
  /\ UNCHANGED <<view, notarizations, finalizations, notarizedViews, finalizedViews>>

(* Also of a block that it did not notarize itself, and of any view.           *)
Finalize(p, b) ==
  /\ Notarized(b)
  /\ b \notin finalizations[p]
  /\ FinalizeNotAfterNullify => ViewOf(b) \notin nullifiedViews[p]
  /\ finalizations' = [finalizations EXCEPT ![p] = @ \union {b}]
  /\ finalizedViews' = [finalizedViews EXCEPT ![p] = @ \union {ViewOf(b)}]
  /\ UNCHANGED <<view, notarizations, nullifications, notarizedViews, nullifiedViews>>

(* Views are left by a certificate of them or of a later one.                  *)
Enter(p, v) ==
  /\ view[p] <= v
  /\ \/ Nullified(v)
     \/ \E b \in Blocks : ViewOf(b) = v /\ Notarized(b)
     \/ \E b \in Blocks : ViewOf(b) >= v /\ Final(b)
  /\ view' = [view EXCEPT ![p] = v + 1]
  /\ UNCHANGED <<notarizations, nullifications, finalizations,
                 notarizedViews, nullifiedViews, finalizedViews>>

(* With the log a crash changes nothing that matters here.                     *)
Crash(p) ==
  /\ ~WriteAheadLog
  /\ view' = [view EXCEPT ![p] = 1]
  /\ notarizedViews' = [notarizedViews EXCEPT ![p] = {}]
  /\ nullifiedViews' = [nullifiedViews EXCEPT ![p] = {}]
  /\ finalizedViews' = [finalizedViews EXCEPT ![p] = {}]
  /\ UNCHANGED <<notarizations, nullifications, finalizations>>

Next ==
  \E p \in Honest :
    \/ Nullify(p)
    \/ Crash(p)
    \/ \E b \in Blocks : Notarize(p, b) \/ Finalize(p, b)
    \/ \E v \in Views : Enter(p, v)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* A1: what is final is one chain.                                           *)
Agreement ==
  \A a, b \in Blocks : Final(a) /\ Final(b) => Prefix(a, b) \/ Prefix(b, a)

(* A2 *)
OneNotarizedBlockPerView ==
  \A a, b \in Blocks : Notarized(a) /\ Notarized(b) /\ ViewOf(a) = ViewOf(b) => a = b

(* A3 *)
NoViewBothNullifiedAndFinal ==
  \A b \in Blocks : Final(b) => ~Nullified(ViewOf(b))

-----------------------------------------------------------------------------
(* Validators are alike, and so are names: TLC need not tell them apart.       *)
Symmetric == Permutations(Honest) \union Permutations(Names)
=============================================================================
