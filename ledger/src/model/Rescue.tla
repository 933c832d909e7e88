-------------------------------- MODULE Rescue --------------------------------
(* The way out when a quorum is lost for good (not built yet): validators      *)
(* abdicate, each by a promise to vote no more, together with what it knows.   *)
(* A new committee goes on from the highest notarized block that was reported. *)
(* Nothing that is final, or becomes final later among those who did not       *)
(* abdicate, may be lost by that. With n validators and quorum q it takes      *)
(* n - q + 1 honest abdications, which is one more for each that may lie.      *)
EXTENDS Simplex

CONSTANTS
  Abdications,       \* that a rescue needs
  LyingAbdications,  \* of those: they report nothing, and vote on
  None

VARIABLES abdicated, parent

rescueVars == <<vars, abdicated, parent>>

RescueInit == Init /\ abdicated = {} /\ parent = None

Abdicate(p) ==
  /\ abdicated' = abdicated \union {p}
  /\ UNCHANGED <<vars, parent>>

(* What an abdicator finalized it knows to be notarized; beyond that, any      *)
(* notarized block may be known to one of them, or to none.                    *)
Rescue(block) ==
  /\ parent = None
  /\ Cardinality(abdicated) + LyingAbdications >= Abdications
  /\ Notarized(block)
  /\ \A p \in abdicated : \A f \in finalizations[p] : ViewOf(f) <= ViewOf(block)
  /\ parent' = block
  /\ UNCHANGED <<vars, abdicated>>

RescueNext ==
  \/ \E p \in Honest \ abdicated :
       \/ Abdicate(p)
       \/ /\ \/ Nullify(p)
             \/ \E b \in Blocks : Notarize(p, b) \/ Finalize(p, b)
             \/ \E v \in Views : Enter(p, v)
          /\ UNCHANGED <<abdicated, parent>>
  \/ \E b \in Chains : Rescue(b)

RescueSpec == RescueInit /\ [][RescueNext]_rescueVars

RescueKeepsWhatIsFinal ==
  parent /= None => \A b \in Blocks : Final(b) => Prefix(b, parent)
=============================================================================
