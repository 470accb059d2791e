// Written by `cargo test -p ackord-codegen --test values`: what serde writes, and what it refuses to read.
import type * as zoo from "../../fixtures/zoo.ts";

// zoo.Named
void ({"a":72,"b":"","c":false} satisfies zoo.Named);
void ({"a":223,"b":"(","c":null} satisfies zoo.Named);
void ({"a":104,"b":"","c":true} satisfies zoo.Named);
void ({"a":198,"b":"\u001d77u","c":false} satisfies zoo.Named);
// @ts-expect-error
void ({"a":72,"b":"","c":[7]} satisfies zoo.Named);
// @ts-expect-error
void ("seven" satisfies zoo.Named);
// @ts-expect-error
void ({"a":223,"b":7,"c":null} satisfies zoo.Named);
// @ts-expect-error
void (true satisfies zoo.Named);
// @ts-expect-error
void ({"a":104,"b":"","c":[7]} satisfies zoo.Named);
// @ts-expect-error
void ({"a":104,"b":null,"c":true} satisfies zoo.Named);
// @ts-expect-error
void ({"a":198,"b":"\u001d77u","c":{"7":7}} satisfies zoo.Named);
// @ts-expect-error
void ({"a":"seven","b":"\u001d77u","c":false} satisfies zoo.Named);

// zoo.Newtype
void (1022503880 satisfies zoo.Newtype);
void (605414689 satisfies zoo.Newtype);
void (2921744961 satisfies zoo.Newtype);
void (748924870 satisfies zoo.Newtype);
// @ts-expect-error
void (true satisfies zoo.Newtype);
// @ts-expect-error
void (null satisfies zoo.Newtype);
// @ts-expect-error
void ([7] satisfies zoo.Newtype);
// @ts-expect-error
void ("seven" satisfies zoo.Newtype);
// @ts-expect-error
void ({"7":7} satisfies zoo.Newtype);

// zoo.Tuple
void ([-117,"",2227097407] satisfies zoo.Tuple);
void ([16,"",null] satisfies zoo.Tuple);
void ([83,"",3739556425] satisfies zoo.Tuple);
void ([84,"",null] satisfies zoo.Tuple);
// @ts-expect-error
void ([-117,null,2227097407] satisfies zoo.Tuple);
// @ts-expect-error
void (true satisfies zoo.Tuple);
// @ts-expect-error
void ([{"7":7},"",null] satisfies zoo.Tuple);
// @ts-expect-error
void (["",null] satisfies zoo.Tuple);
// @ts-expect-error
void ([null,"",3739556425] satisfies zoo.Tuple);
// @ts-expect-error
void ([83,"",true] satisfies zoo.Tuple);
// @ts-expect-error
void ([84,{"7":7},null] satisfies zoo.Tuple);
// @ts-expect-error
void ("seven" satisfies zoo.Tuple);

// zoo.Unit
void (null satisfies zoo.Unit);
// @ts-expect-error
void (7 satisfies zoo.Unit);
// @ts-expect-error
void ([7] satisfies zoo.Unit);

// zoo.EmptyNamed
void ({} satisfies zoo.EmptyNamed);
// @ts-expect-error
void ("seven" satisfies zoo.EmptyNamed);
// @ts-expect-error
void ([7] satisfies zoo.EmptyNamed);

// zoo.EmptyTuple
void ([] satisfies zoo.EmptyTuple);
// @ts-expect-error
void (7 satisfies zoo.EmptyTuple);
// @ts-expect-error
void (null satisfies zoo.EmptyTuple);

// zoo.Generic<zoo.Named>
void ({"list":[],"of":{"a":32,"b":"3","c":null}} satisfies zoo.Generic<zoo.Named>);
void ({"list":[],"of":{"a":124,"b":"0","c":null}} satisfies zoo.Generic<zoo.Named>);
void ({"list":[],"of":{"a":172,"b":"m","c":false}} satisfies zoo.Generic<zoo.Named>);
void ({"list":[{"a":201,"b":"","c":null},{"a":115,"b":"JB","c":false}],"of":{"a":57,"b":"7W","c":false}} satisfies zoo.Generic<zoo.Named>);
// @ts-expect-error
void ({"list":[],"of":7} satisfies zoo.Generic<zoo.Named>);
// @ts-expect-error
void ({"list":true,"of":{"a":32,"b":"3","c":null}} satisfies zoo.Generic<zoo.Named>);
// @ts-expect-error
void ({"list":[],"of":{"a":124,"b":null,"c":null}} satisfies zoo.Generic<zoo.Named>);
// @ts-expect-error
void ({"list":[],"of":{"a":null,"b":"0","c":null}} satisfies zoo.Generic<zoo.Named>);
// @ts-expect-error
void ({"list":7,"of":{"a":172,"b":"m","c":false}} satisfies zoo.Generic<zoo.Named>);
// @ts-expect-error
void ({"list":[],"of":{"a":172,"b":{"7":7},"c":false}} satisfies zoo.Generic<zoo.Named>);
// @ts-expect-error
void ({"list":[{"a":201,"b":"","c":null},{"a":115,"b":true,"c":false}],"of":{"a":57,"b":"7W","c":false}} satisfies zoo.Generic<zoo.Named>);
// @ts-expect-error
void ({"list":[{"a":201,"b":"","c":{"7":7}},{"a":115,"b":"JB","c":false}],"of":{"a":57,"b":"7W","c":false}} satisfies zoo.Generic<zoo.Named>);

// zoo.Recursive
void ({"label":"","next":null} satisfies zoo.Recursive);
void ({"label":"","next":{"label":"t","next":{"label":"","next":null}}} satisfies zoo.Recursive);
void ({"label":"","next":{"label":"","next":{"label":"4\u0006","next":{"label":"","next":null}}}} satisfies zoo.Recursive);
void ({"label":"S!\u001f$ia","next":null} satisfies zoo.Recursive);
// @ts-expect-error
void (7 satisfies zoo.Recursive);
// @ts-expect-error
void ({"label":7,"next":null} satisfies zoo.Recursive);
// @ts-expect-error
void (true satisfies zoo.Recursive);
// @ts-expect-error
void ({"label":{"7":7},"next":{"label":"t","next":{"label":"","next":null}}} satisfies zoo.Recursive);
// @ts-expect-error
void ("seven" satisfies zoo.Recursive);
// @ts-expect-error
void ({"label":"","next":{"label":"","next":{"label":"4\u0006","next":{"label":7,"next":null}}}} satisfies zoo.Recursive);
// @ts-expect-error
void ({"label":{"7":7},"next":null} satisfies zoo.Recursive);
// @ts-expect-error
void ({"label":"S!\u001f$ia","next":[7]} satisfies zoo.Recursive);

// zoo.CamelCase
void ({"firstName":"","type":187,"x1":115} satisfies zoo.CamelCase);
void ({"firstName":"vP+&!6","type":178,"x1":175} satisfies zoo.CamelCase);
void ({"firstName":"","type":230,"x1":197} satisfies zoo.CamelCase);
void ({"firstName":"\f\u0017","type":131,"x1":200} satisfies zoo.CamelCase);
// @ts-expect-error
void ({"firstName":"","type":187,"x1":true} satisfies zoo.CamelCase);
// @ts-expect-error
void ({"firstName":true,"type":187,"x1":115} satisfies zoo.CamelCase);
// @ts-expect-error
void ({"firstName":"vP+&!6","type":[7],"x1":175} satisfies zoo.CamelCase);
// @ts-expect-error
void ({"firstName":"vP+&!6","type":null,"x1":175} satisfies zoo.CamelCase);
// @ts-expect-error
void ({"firstName":"","type":230,"x1":[7]} satisfies zoo.CamelCase);
// @ts-expect-error
void (true satisfies zoo.CamelCase);
// @ts-expect-error
void ({"firstName":"\f\u0017","type":131} satisfies zoo.CamelCase);
// @ts-expect-error
void ({"firstName":"\f\u0017","type":"seven","x1":200} satisfies zoo.CamelCase);

// zoo.Screaming
void ({"FIRST-NAME":"h","LAST":193} satisfies zoo.Screaming);
void ({"FIRST-NAME":"","LAST":205} satisfies zoo.Screaming);
void ({"FIRST-NAME":"","LAST":246} satisfies zoo.Screaming);
void ({"FIRST-NAME":"Ķ","LAST":175} satisfies zoo.Screaming);
// @ts-expect-error
void ({"FIRST-NAME":"h","LAST":null} satisfies zoo.Screaming);
// @ts-expect-error
void ({"FIRST-NAME":{"7":7},"LAST":193} satisfies zoo.Screaming);
// @ts-expect-error
void ({"LAST":205} satisfies zoo.Screaming);
// @ts-expect-error
void (7 satisfies zoo.Screaming);
// @ts-expect-error
void (null satisfies zoo.Screaming);
// @ts-expect-error
void ({"FIRST-NAME":{"7":7},"LAST":246} satisfies zoo.Screaming);
// @ts-expect-error
void ({"FIRST-NAME":true,"LAST":175} satisfies zoo.Screaming);
// @ts-expect-error
void ({"FIRST-NAME":"Ķ","LAST":{"7":7}} satisfies zoo.Screaming);

// zoo.TransparentNamed
void (3760565341 satisfies zoo.TransparentNamed);
void (1243045986 satisfies zoo.TransparentNamed);
void (1686717395 satisfies zoo.TransparentNamed);
void (73588966 satisfies zoo.TransparentNamed);
// @ts-expect-error
void ({"7":7} satisfies zoo.TransparentNamed);
// @ts-expect-error
void ([7] satisfies zoo.TransparentNamed);
// @ts-expect-error
void (null satisfies zoo.TransparentNamed);
// @ts-expect-error
void ("seven" satisfies zoo.TransparentNamed);
// @ts-expect-error
void (true satisfies zoo.TransparentNamed);

// zoo.TransparentStruct
void ({"a":74,"b":"7","c":true} satisfies zoo.TransparentStruct);
void ({"a":166,"b":"w","c":false} satisfies zoo.TransparentStruct);
void ({"a":84,"b":"$r","c":null} satisfies zoo.TransparentStruct);
void ({"a":213,"b":"\u001d","c":true} satisfies zoo.TransparentStruct);
// @ts-expect-error
void ({"a":74,"b":null,"c":true} satisfies zoo.TransparentStruct);
// @ts-expect-error
void (true satisfies zoo.TransparentStruct);
// @ts-expect-error
void ({"a":166,"b":"w","c":"seven"} satisfies zoo.TransparentStruct);
// @ts-expect-error
void ({"a":166,"b":null,"c":false} satisfies zoo.TransparentStruct);
// @ts-expect-error
void ({"a":84,"b":7,"c":null} satisfies zoo.TransparentStruct);
// @ts-expect-error
void ({"b":"$r","c":null} satisfies zoo.TransparentStruct);
// @ts-expect-error
void ({"a":{"7":7},"b":"\u001d","c":true} satisfies zoo.TransparentStruct);
// @ts-expect-error
void ([7] satisfies zoo.TransparentStruct);

// zoo.TransparentWithMarker
void (["i"] satisfies zoo.TransparentWithMarker);
void ([] satisfies zoo.TransparentWithMarker);
void ([""] satisfies zoo.TransparentWithMarker);
void (["l_<"] satisfies zoo.TransparentWithMarker);
// @ts-expect-error
void ([null] satisfies zoo.TransparentWithMarker);
// @ts-expect-error
void (true satisfies zoo.TransparentWithMarker);
// @ts-expect-error
void (7 satisfies zoo.TransparentWithMarker);
// @ts-expect-error
void (null satisfies zoo.TransparentWithMarker);
// @ts-expect-error
void ([{"7":7}] satisfies zoo.TransparentWithMarker);
// @ts-expect-error
void ([[7]] satisfies zoo.TransparentWithMarker);
// @ts-expect-error
void ([true] satisfies zoo.TransparentWithMarker);
// @ts-expect-error
void ("seven" satisfies zoo.TransparentWithMarker);

// zoo.TransparentTuple
void ("" satisfies zoo.TransparentTuple);
void ("\u001d0\u0011\r" satisfies zoo.TransparentTuple);
void ("2+" satisfies zoo.TransparentTuple);
void ("\u0007" satisfies zoo.TransparentTuple);
// @ts-expect-error
void (true satisfies zoo.TransparentTuple);
// @ts-expect-error
void ({"7":7} satisfies zoo.TransparentTuple);
// @ts-expect-error
void ([7] satisfies zoo.TransparentTuple);
// @ts-expect-error
void (null satisfies zoo.TransparentTuple);
// @ts-expect-error
void (7 satisfies zoo.TransparentTuple);

// zoo.IntoFrom
void ("" satisfies zoo.IntoFrom);
void ("1(" satisfies zoo.IntoFrom);
void ("0B\u0002" satisfies zoo.IntoFrom);
void ("c" satisfies zoo.IntoFrom);
// @ts-expect-error
void (null satisfies zoo.IntoFrom);
// @ts-expect-error
void (7 satisfies zoo.IntoFrom);
// @ts-expect-error
void (true satisfies zoo.IntoFrom);
// @ts-expect-error
void ({"7":7} satisfies zoo.IntoFrom);
// @ts-expect-error
void ([7] satisfies zoo.IntoFrom);

// zoo.TryFromInto
void (900103964 satisfies zoo.TryFromInto);
void (4012810622 satisfies zoo.TryFromInto);
void (3769392314 satisfies zoo.TryFromInto);
void (3782887054 satisfies zoo.TryFromInto);
// @ts-expect-error
void ("seven" satisfies zoo.TryFromInto);
// @ts-expect-error
void (null satisfies zoo.TryFromInto);
// @ts-expect-error
void ([7] satisfies zoo.TryFromInto);
// @ts-expect-error
void (true satisfies zoo.TryFromInto);
// @ts-expect-error
void ({"7":7} satisfies zoo.TryFromInto);

// zoo.ContainerDefault
void ({"a":136} satisfies zoo.ContainerDefault);
void ({"a":30} satisfies zoo.ContainerDefault);
void ({"a":212,"b":"2"} satisfies zoo.ContainerDefault);
void ({"a":39,"b":"="} satisfies zoo.ContainerDefault);
// @ts-expect-error
void ("seven" satisfies zoo.ContainerDefault);
// @ts-expect-error
void ({"a":true} satisfies zoo.ContainerDefault);
// @ts-expect-error
void ({"a":{"7":7}} satisfies zoo.ContainerDefault);
// @ts-expect-error
void (null satisfies zoo.ContainerDefault);
// @ts-expect-error
void (7 satisfies zoo.ContainerDefault);
// @ts-expect-error
void ({"a":true,"b":"2"} satisfies zoo.ContainerDefault);
// @ts-expect-error
void (true satisfies zoo.ContainerDefault);
// @ts-expect-error
void ({"a":39,"b":7} satisfies zoo.ContainerDefault);

// zoo.DenyUnknown
void ({"a":70,"b":null} satisfies zoo.DenyUnknown);
void ({"a":43,"b":189} satisfies zoo.DenyUnknown);
void ({"a":92,"b":null} satisfies zoo.DenyUnknown);
void ({"a":104,"b":null} satisfies zoo.DenyUnknown);
// @ts-expect-error
void (null satisfies zoo.DenyUnknown);
// @ts-expect-error
void ({"a":true,"b":null} satisfies zoo.DenyUnknown);
// @ts-expect-error
void ({"a":[7],"b":189} satisfies zoo.DenyUnknown);
// @ts-expect-error
void ("seven" satisfies zoo.DenyUnknown);
// @ts-expect-error
void ({"a":{"7":7},"b":null} satisfies zoo.DenyUnknown);
// @ts-expect-error
void ({"b":null} satisfies zoo.DenyUnknown);
// @ts-expect-error
void ({"a":[7],"b":null} satisfies zoo.DenyUnknown);
// @ts-expect-error
void ({"a":104,"b":[7]} satisfies zoo.DenyUnknown);

// zoo.TaggedStruct
void ({"t":"TaggedStruct","value":67} satisfies zoo.TaggedStruct);
void ({"t":"TaggedStruct","value":180} satisfies zoo.TaggedStruct);
void ({"t":"TaggedStruct","value":13} satisfies zoo.TaggedStruct);
void ({"t":"TaggedStruct","value":40} satisfies zoo.TaggedStruct);
// @ts-expect-error
void (null satisfies zoo.TaggedStruct);
// @ts-expect-error
void ({"t":"TaggedStruct","value":"seven"} satisfies zoo.TaggedStruct);
// @ts-expect-error
void ({"t":"TaggedStruct","value":{"7":7}} satisfies zoo.TaggedStruct);
// @ts-expect-error
void (7 satisfies zoo.TaggedStruct);
// @ts-expect-error
void ({"t":"TaggedStruct","value":true} satisfies zoo.TaggedStruct);
// @ts-expect-error
void ({"t":"TaggedStruct","value":null} satisfies zoo.TaggedStruct);
// @ts-expect-error
void ("seven" satisfies zoo.TaggedStruct);
// @ts-expect-error
void (true satisfies zoo.TaggedStruct);

// zoo.Renamed
void ({"VALUE":189} satisfies zoo.Renamed);
void ({"VALUE":184} satisfies zoo.Renamed);
void ({"VALUE":162} satisfies zoo.Renamed);
void ({"VALUE":197} satisfies zoo.Renamed);
// @ts-expect-error
void ({} satisfies zoo.Renamed);
// @ts-expect-error
void ({"VALUE":[7]} satisfies zoo.Renamed);
// @ts-expect-error
void ({"VALUE":"seven"} satisfies zoo.Renamed);
// @ts-expect-error
void ({"VALUE":null} satisfies zoo.Renamed);
// @ts-expect-error
void ({"VALUE":{"7":7}} satisfies zoo.Renamed);
// @ts-expect-error
void ("seven" satisfies zoo.Renamed);
// @ts-expect-error
void (true satisfies zoo.Renamed);
// @ts-expect-error
void (7 satisfies zoo.Renamed);

// zoo.Bound<number>
void ({"of":88} satisfies zoo.Bound<number>);
void ({"of":206} satisfies zoo.Bound<number>);
void ({"of":55} satisfies zoo.Bound<number>);
void ({"of":233} satisfies zoo.Bound<number>);
// @ts-expect-error
void ("seven" satisfies zoo.Bound<number>);
// @ts-expect-error
void (7 satisfies zoo.Bound<number>);
// @ts-expect-error
void ({"of":null} satisfies zoo.Bound<number>);
// @ts-expect-error
void (null satisfies zoo.Bound<number>);
// @ts-expect-error
void (true satisfies zoo.Bound<number>);
// @ts-expect-error
void ({"of":{"7":7}} satisfies zoo.Bound<number>);
// @ts-expect-error
void ({} satisfies zoo.Bound<number>);
// @ts-expect-error
void ({"of":[7]} satisfies zoo.Bound<number>);

// zoo.Expecting
void ({"a":101} satisfies zoo.Expecting);
void ({"a":130} satisfies zoo.Expecting);
void ({"a":95} satisfies zoo.Expecting);
void ({"a":57} satisfies zoo.Expecting);
// @ts-expect-error
void ({"a":null} satisfies zoo.Expecting);
// @ts-expect-error
void ({} satisfies zoo.Expecting);
// @ts-expect-error
void ({"a":"seven"} satisfies zoo.Expecting);
// @ts-expect-error
void ("seven" satisfies zoo.Expecting);
// @ts-expect-error
void ({"a":{"7":7}} satisfies zoo.Expecting);
// @ts-expect-error
void ({"a":true} satisfies zoo.Expecting);
// @ts-expect-error
void (7 satisfies zoo.Expecting);
// @ts-expect-error
void ({"a":[7]} satisfies zoo.Expecting);

// zoo.Repr
void (1 satisfies zoo.Repr);
void (2 satisfies zoo.Repr);
// @ts-expect-error
void ([7] satisfies zoo.Repr);
// @ts-expect-error
void (null satisfies zoo.Repr);
// @ts-expect-error
void ({"7":7} satisfies zoo.Repr);
// @ts-expect-error
void (true satisfies zoo.Repr);

// zoo.ByHand
void ([109,221] satisfies zoo.ByHand);
void ([13,1] satisfies zoo.ByHand);
void ([25,15] satisfies zoo.ByHand);
void ([136,146] satisfies zoo.ByHand);
// @ts-expect-error
void (null satisfies zoo.ByHand);
// @ts-expect-error
void ([221] satisfies zoo.ByHand);
// @ts-expect-error
void (["seven",1] satisfies zoo.ByHand);
// @ts-expect-error
void (7 satisfies zoo.ByHand);
// @ts-expect-error
void (true satisfies zoo.ByHand);
// @ts-expect-error
void ([25,{"7":7}] satisfies zoo.ByHand);
// @ts-expect-error
void ([true,146] satisfies zoo.ByHand);
// @ts-expect-error
void ([136,true] satisfies zoo.ByHand);

// zoo.RenamedField
void ({"größe":184,"last-name":127} satisfies zoo.RenamedField);
void ({"größe":81,"last-name":240} satisfies zoo.RenamedField);
void ({"größe":205,"last-name":238} satisfies zoo.RenamedField);
void ({"größe":185,"last-name":227} satisfies zoo.RenamedField);
// @ts-expect-error
void ({"größe":184,"last-name":[7]} satisfies zoo.RenamedField);
// @ts-expect-error
void ({"größe":184,"last-name":null} satisfies zoo.RenamedField);
// @ts-expect-error
void (true satisfies zoo.RenamedField);
// @ts-expect-error
void ({"last-name":240} satisfies zoo.RenamedField);
// @ts-expect-error
void ({"größe":null,"last-name":238} satisfies zoo.RenamedField);
// @ts-expect-error
void ([7] satisfies zoo.RenamedField);
// @ts-expect-error
void ({"größe":185,"last-name":true} satisfies zoo.RenamedField);
// @ts-expect-error
void ({"last-name":227} satisfies zoo.RenamedField);

// zoo.SkippedField
void ({"a":112} satisfies zoo.SkippedField);
void ({"a":194} satisfies zoo.SkippedField);
void ({"a":255} satisfies zoo.SkippedField);
void ({"a":183} satisfies zoo.SkippedField);
// @ts-expect-error
void (true satisfies zoo.SkippedField);
// @ts-expect-error
void ({} satisfies zoo.SkippedField);
// @ts-expect-error
void (7 satisfies zoo.SkippedField);
// @ts-expect-error
void ({"a":null} satisfies zoo.SkippedField);
// @ts-expect-error
void ({"a":{"7":7}} satisfies zoo.SkippedField);
// @ts-expect-error
void (null satisfies zoo.SkippedField);
// @ts-expect-error
void ({"a":true} satisfies zoo.SkippedField);
// @ts-expect-error
void ({"a":[7]} satisfies zoo.SkippedField);

// zoo.SkipIfNone
void ({"b":150} satisfies zoo.SkipIfNone);
void ({"a":41,"b":27} satisfies zoo.SkipIfNone);
void ({"a":161,"b":25} satisfies zoo.SkipIfNone);
void ({"a":89,"b":157} satisfies zoo.SkipIfNone);
// @ts-expect-error
void ({"b":true} satisfies zoo.SkipIfNone);
// @ts-expect-error
void (true satisfies zoo.SkipIfNone);
// @ts-expect-error
void ({"a":"seven","b":27} satisfies zoo.SkipIfNone);
// @ts-expect-error
void ({"a":41,"b":{"7":7}} satisfies zoo.SkipIfNone);
// @ts-expect-error
void ({"a":161,"b":"seven"} satisfies zoo.SkipIfNone);
// @ts-expect-error
void ("seven" satisfies zoo.SkipIfNone);
// @ts-expect-error
void ({"a":89,"b":[7]} satisfies zoo.SkipIfNone);
// @ts-expect-error
void ({"a":89,"b":{"7":7}} satisfies zoo.SkipIfNone);

// zoo.SkipIfDefault
void ({"b":{"a":252,"b":"7","c":true}} satisfies zoo.SkipIfDefault);
void ({"b":{"a":28,"b":"Z\u0012","c":null}} satisfies zoo.SkipIfDefault);
void ({"b":{"a":198,"b":"","c":false}} satisfies zoo.SkipIfDefault);
void ({"a":[45841],"b":{"a":210,"b":"2","c":null}} satisfies zoo.SkipIfDefault);
// @ts-expect-error
void ({"b":{"a":252,"b":true,"c":true}} satisfies zoo.SkipIfDefault);
// @ts-expect-error
void ({"b":[7]} satisfies zoo.SkipIfDefault);
// @ts-expect-error
void ("seven" satisfies zoo.SkipIfDefault);
// @ts-expect-error
void ({"b":{"a":28,"b":true,"c":null}} satisfies zoo.SkipIfDefault);
// @ts-expect-error
void (7 satisfies zoo.SkipIfDefault);
// @ts-expect-error
void (true satisfies zoo.SkipIfDefault);
// @ts-expect-error
void ({"a":[45841],"b":{"b":"2","c":null}} satisfies zoo.SkipIfDefault);
// @ts-expect-error
void ({"a":[null],"b":{"a":210,"b":"2","c":null}} satisfies zoo.SkipIfDefault);

// zoo.Defaults
void ({"a":36,"b":[true,false]} satisfies zoo.Defaults);
void ({"a":144,"b":[]} satisfies zoo.Defaults);
void ({"a":113,"b":[false]} satisfies zoo.Defaults);
void ({"a":138,"b":[]} satisfies zoo.Defaults);
// @ts-expect-error
void ({"a":36,"b":[true,null]} satisfies zoo.Defaults);
// @ts-expect-error
void ({"a":36,"b":[true,7]} satisfies zoo.Defaults);
// @ts-expect-error
void ({"a":{"7":7},"b":[]} satisfies zoo.Defaults);
// @ts-expect-error
void ({"a":144,"b":7} satisfies zoo.Defaults);
// @ts-expect-error
void ({"a":113,"b":["seven"]} satisfies zoo.Defaults);
// @ts-expect-error
void ({"a":true,"b":[false]} satisfies zoo.Defaults);
// @ts-expect-error
void ({"a":[7],"b":[]} satisfies zoo.Defaults);
// @ts-expect-error
void ({"a":138,"b":"seven"} satisfies zoo.Defaults);

// zoo.Aliased
void ({"a":198} satisfies zoo.Aliased);
void ({"a":226} satisfies zoo.Aliased);
void ({"a":18} satisfies zoo.Aliased);
void ({"a":133} satisfies zoo.Aliased);
// @ts-expect-error
void (null satisfies zoo.Aliased);
// @ts-expect-error
void ({"a":true} satisfies zoo.Aliased);
// @ts-expect-error
void ({"a":null} satisfies zoo.Aliased);
// @ts-expect-error
void ({"a":[7]} satisfies zoo.Aliased);
// @ts-expect-error
void ({} satisfies zoo.Aliased);
// @ts-expect-error
void ({"a":"seven"} satisfies zoo.Aliased);
// @ts-expect-error
void ({"a":{"7":7}} satisfies zoo.Aliased);
// @ts-expect-error
void (7 satisfies zoo.Aliased);

// zoo.With
void ({"a":"270e226e"} satisfies zoo.With);
void ({"a":"a4deee41"} satisfies zoo.With);
void ({"a":"60460b63"} satisfies zoo.With);
void ({"a":"b22ab046"} satisfies zoo.With);
// @ts-expect-error
void (7 satisfies zoo.With);
// @ts-expect-error
void (true satisfies zoo.With);
// @ts-expect-error
void (null satisfies zoo.With);
// @ts-expect-error
void ({"a":[7]} satisfies zoo.With);
// @ts-expect-error
void ({} satisfies zoo.With);
// @ts-expect-error
void ({"a":null} satisfies zoo.With);
// @ts-expect-error
void ([7] satisfies zoo.With);
// @ts-expect-error
void ({"a":{"7":7}} satisfies zoo.With);

// zoo.WithFunctions
void ({"a":"7293ee27"} satisfies zoo.WithFunctions);
void ({"a":"3f404fd3"} satisfies zoo.WithFunctions);
void ({"a":"7e5a5c34"} satisfies zoo.WithFunctions);
void ({"a":"41fcdb2f"} satisfies zoo.WithFunctions);
// @ts-expect-error
void (7 satisfies zoo.WithFunctions);
// @ts-expect-error
void ({"a":true} satisfies zoo.WithFunctions);
// @ts-expect-error
void (true satisfies zoo.WithFunctions);
// @ts-expect-error
void ({} satisfies zoo.WithFunctions);
// @ts-expect-error
void ({"a":{"7":7}} satisfies zoo.WithFunctions);
// @ts-expect-error
void (null satisfies zoo.WithFunctions);
// @ts-expect-error
void ({"a":7} satisfies zoo.WithFunctions);
// @ts-expect-error
void ([7] satisfies zoo.WithFunctions);

// zoo.Int64Strings
void ({"a":"15550979140482943415","b":"159743376277364424875928253667772516212"} satisfies zoo.Int64Strings);
void ({"a":"3439824363757849238","b":"12011350081683603781190147702627285064"} satisfies zoo.Int64Strings);
void ({"a":"9307261966517185496","b":"-80749869992240292686221405539978286118"} satisfies zoo.Int64Strings);
void ({"a":"15783077743716484033","b":"-157367915652449531214660586849648411409"} satisfies zoo.Int64Strings);
// @ts-expect-error
void ({"b":"159743376277364424875928253667772516212"} satisfies zoo.Int64Strings);
// @ts-expect-error
void (null satisfies zoo.Int64Strings);
// @ts-expect-error
void ([7] satisfies zoo.Int64Strings);
// @ts-expect-error
void ({"a":[7],"b":"12011350081683603781190147702627285064"} satisfies zoo.Int64Strings);
// @ts-expect-error
void (7 satisfies zoo.Int64Strings);
// @ts-expect-error
void ({"a":{"7":7},"b":"-80749869992240292686221405539978286118"} satisfies zoo.Int64Strings);
// @ts-expect-error
void ({"a":7,"b":"-157367915652449531214660586849648411409"} satisfies zoo.Int64Strings);
// @ts-expect-error
void ({"a":true,"b":"-157367915652449531214660586849648411409"} satisfies zoo.Int64Strings);

// zoo.Remote
void ({"a":{"millis":1529202757}} satisfies zoo.Remote);
void ({"a":{"millis":640144873}} satisfies zoo.Remote);
void ({"a":{"millis":1863597971}} satisfies zoo.Remote);
void ({"a":{"millis":3506062246}} satisfies zoo.Remote);
// @ts-expect-error
void ({"a":{"millis":{"7":7}}} satisfies zoo.Remote);
// @ts-expect-error
void (7 satisfies zoo.Remote);
// @ts-expect-error
void ("seven" satisfies zoo.Remote);
// @ts-expect-error
void ([7] satisfies zoo.Remote);
// @ts-expect-error
void ({"a":{"millis":"seven"}} satisfies zoo.Remote);
// @ts-expect-error
void ({"a":{"millis":[7]}} satisfies zoo.Remote);
// @ts-expect-error
void (true satisfies zoo.Remote);
// @ts-expect-error
void ({"a":null} satisfies zoo.Remote);

// zoo.Flattened
void ({"a":68,"b":"","c":null,"kind":"nothingAtAll","own":false} satisfies zoo.Flattened);
void ({"a":231,"b":"+","c":false,"kind":"nothingAtAll","own":false} satisfies zoo.Flattened);
void ({"a":150,"b":"","c":true,"kind":"withEmpty","own":true} satisfies zoo.Flattened);
void ({"a":227,"b":"","c":false,"kind":"withFields","own":true,"someField":55} satisfies zoo.Flattened);
// @ts-expect-error
void ({"a":68,"b":"","c":null,"kind":"nothingAtAll","own":7} satisfies zoo.Flattened);
// @ts-expect-error
void (7 satisfies zoo.Flattened);
// @ts-expect-error
void ({"a":"seven","b":"+","c":false,"kind":"nothingAtAll","own":false} satisfies zoo.Flattened);
// @ts-expect-error
void ({"a":231,"b":"+","c":false,"kind":"nothingAtAll","own":{"7":7}} satisfies zoo.Flattened);
// @ts-expect-error
void ({"a":150,"b":[7],"c":true,"kind":"withEmpty","own":true} satisfies zoo.Flattened);
// @ts-expect-error
void ({"a":"seven","b":"","c":true,"kind":"withEmpty","own":true} satisfies zoo.Flattened);
// @ts-expect-error
void ({"a":227,"b":"","c":7,"kind":"withFields","own":true,"someField":55} satisfies zoo.Flattened);
// @ts-expect-error
void ({"a":227,"b":7,"c":false,"kind":"withFields","own":true,"someField":55} satisfies zoo.Flattened);

// zoo.FlattenedMap
void ({"X":205,"own":168} satisfies zoo.FlattenedMap);
void ({"own":250} satisfies zoo.FlattenedMap);
void ({"X":197,"Y":null,"own":null} satisfies zoo.FlattenedMap);
void ({"X":null,"own":null} satisfies zoo.FlattenedMap);
// @ts-expect-error
void ({"X":205,"own":true} satisfies zoo.FlattenedMap);
// @ts-expect-error
void ({"X":{"7":7},"own":168} satisfies zoo.FlattenedMap);
// @ts-expect-error
void ({"own":true} satisfies zoo.FlattenedMap);
// @ts-expect-error
void ({"own":"seven"} satisfies zoo.FlattenedMap);
// @ts-expect-error
void ([7] satisfies zoo.FlattenedMap);
// @ts-expect-error
void ({"X":{"7":7},"Y":null,"own":null} satisfies zoo.FlattenedMap);
// @ts-expect-error
void (7 satisfies zoo.FlattenedMap);
// @ts-expect-error
void ({"X":[7],"own":null} satisfies zoo.FlattenedMap);

// zoo.FlattenedJson
void ({"own":194,"rest":{"\n ":[]}} satisfies zoo.FlattenedJson);
void ({"own":32,"rest":[false]} satisfies zoo.FlattenedJson);
void ({"own":12,"rest":{"":[]}} satisfies zoo.FlattenedJson);
void ({"own":251,"rest":[false,true,null]} satisfies zoo.FlattenedJson);
// @ts-expect-error
void (null satisfies zoo.FlattenedJson);
// @ts-expect-error
void ({"own":"seven","rest":{"\n ":[]}} satisfies zoo.FlattenedJson);
// @ts-expect-error
void ({"own":"seven","rest":[false]} satisfies zoo.FlattenedJson);
// @ts-expect-error
void ({"own":true,"rest":[false]} satisfies zoo.FlattenedJson);
// @ts-expect-error
void ({"own":"seven","rest":{"":[]}} satisfies zoo.FlattenedJson);
// @ts-expect-error
void ({"own":[7],"rest":{"":[]}} satisfies zoo.FlattenedJson);
// @ts-expect-error
void ([7] satisfies zoo.FlattenedJson);
// @ts-expect-error
void ({"own":{"7":7},"rest":[false,true,null]} satisfies zoo.FlattenedJson);

// zoo.Units
void ("two!" satisfies zoo.Units);
void ("Three" satisfies zoo.Units);
void ("One" satisfies zoo.Units);
// @ts-expect-error
void ([7] satisfies zoo.Units);
// @ts-expect-error
void ({"7":7} satisfies zoo.Units);
// @ts-expect-error
void (7 satisfies zoo.Units);
// @ts-expect-error
void (null satisfies zoo.Units);
// @ts-expect-error
void (true satisfies zoo.Units);

// zoo.External
void ({"named_fields":{"some_field":true}} satisfies zoo.External);
void ({"named_fields":{"some_field":false}} satisfies zoo.External);
void ({"newtype":195} satisfies zoo.External);
void ({"pair":[214,""]} satisfies zoo.External);
// @ts-expect-error
void ({} satisfies zoo.External);
// @ts-expect-error
void ({"named_fields":{"some_field":{"7":7}}} satisfies zoo.External);
// @ts-expect-error
void ({"named_fields":{"some_field":null}} satisfies zoo.External);
// @ts-expect-error
void ({"named_fields":null} satisfies zoo.External);
// @ts-expect-error
void ({"newtype":null} satisfies zoo.External);
// @ts-expect-error
void (true satisfies zoo.External);
// @ts-expect-error
void ({"pair":{"7":7}} satisfies zoo.External);
// @ts-expect-error
void ({"pair":[214,{"7":7}]} satisfies zoo.External);

// zoo.Internal
void ({"kind":"withFields","someField":112} satisfies zoo.Internal);
void ({"kind":"withEmpty"} satisfies zoo.Internal);
void ({"kind":"withNewtype","x":-205391913.375,"y":-84676751.25} satisfies zoo.Internal);
void ({"kind":"nothingAtAll"} satisfies zoo.Internal);
// @ts-expect-error
void ({"kind":null,"someField":112} satisfies zoo.Internal);
// @ts-expect-error
void (true satisfies zoo.Internal);
// @ts-expect-error
void ("seven" satisfies zoo.Internal);
// @ts-expect-error
void ({"kind":null} satisfies zoo.Internal);
// @ts-expect-error
void ({"kind":"withNewtype","x":-205391913.375} satisfies zoo.Internal);
// @ts-expect-error
void ({"kind":null,"x":-205391913.375,"y":-84676751.25} satisfies zoo.Internal);
// @ts-expect-error
void ({"kind":true} satisfies zoo.Internal);
// @ts-expect-error
void (7 satisfies zoo.Internal);

// zoo.Adjacent
void ({"t":"Unit"} satisfies zoo.Adjacent);
void ({"c":"","t":"Option"} satisfies zoo.Adjacent);
void ({"c":{"a":[]},"t":"Fields"} satisfies zoo.Adjacent);
void ({"c":"P","t":"Option"} satisfies zoo.Adjacent);
// @ts-expect-error
void ({"t":null} satisfies zoo.Adjacent);
// @ts-expect-error
void (null satisfies zoo.Adjacent);
// @ts-expect-error
void (7 satisfies zoo.Adjacent);
// @ts-expect-error
void ({"c":true,"t":"Option"} satisfies zoo.Adjacent);
// @ts-expect-error
void ({"c":{"a":null},"t":"Fields"} satisfies zoo.Adjacent);
// @ts-expect-error
void ({"c":{"a":{"7":7}},"t":"Fields"} satisfies zoo.Adjacent);
// @ts-expect-error
void ({"c":"P","t":7} satisfies zoo.Adjacent);
// @ts-expect-error
void ("seven" satisfies zoo.Adjacent);

// zoo.Untagged
void ({"only":26} satisfies zoo.Untagged);
void ([250,false] satisfies zoo.Untagged);
void (-17914 satisfies zoo.Untagged);
void ("" satisfies zoo.Untagged);
// @ts-expect-error
void ({"only":[7]} satisfies zoo.Untagged);
// @ts-expect-error
void ({"only":{"7":7}} satisfies zoo.Untagged);
// @ts-expect-error
void ({"7":7} satisfies zoo.Untagged);
// @ts-expect-error
void ([250,"seven"] satisfies zoo.Untagged);
// @ts-expect-error
void ([7] satisfies zoo.Untagged);

// zoo.Other
void ({"a":189,"t":"Known"} satisfies zoo.Other);
void ({"t":"Unknown"} satisfies zoo.Other);
void ({"a":66,"t":"Known"} satisfies zoo.Other);
void ({"a":18,"t":"Known"} satisfies zoo.Other);
// @ts-expect-error
void (null satisfies zoo.Other);
// @ts-expect-error
void ({"a":189,"t":null} satisfies zoo.Other);
// @ts-expect-error
void (true satisfies zoo.Other);
// @ts-expect-error
void ({"t":7} satisfies zoo.Other);
// @ts-expect-error
void ({"a":null,"t":"Known"} satisfies zoo.Other);
// @ts-expect-error
void ("seven" satisfies zoo.Other);
// @ts-expect-error
void ({"a":18,"t":[7]} satisfies zoo.Other);
// @ts-expect-error
void ({"a":18,"t":7} satisfies zoo.Other);

// zoo.PartlyUntagged
void ("{\u000f" satisfies zoo.PartlyUntagged);
void ("A" satisfies zoo.PartlyUntagged);
void ({"B":185} satisfies zoo.PartlyUntagged);
void ({"B":133} satisfies zoo.PartlyUntagged);
// @ts-expect-error
void ([7] satisfies zoo.PartlyUntagged);
// @ts-expect-error
void (7 satisfies zoo.PartlyUntagged);
// @ts-expect-error
void (null satisfies zoo.PartlyUntagged);
// @ts-expect-error
void ({"7":7} satisfies zoo.PartlyUntagged);
// @ts-expect-error
void ({"B":true} satisfies zoo.PartlyUntagged);
// @ts-expect-error
void (true satisfies zoo.PartlyUntagged);
// @ts-expect-error
void ({"B":[7]} satisfies zoo.PartlyUntagged);
// @ts-expect-error
void ({"B":"seven"} satisfies zoo.PartlyUntagged);

// zoo.SkippedVariants
void ({"C":{"FIELD":68}} satisfies zoo.SkippedVariants);
void ("A" satisfies zoo.SkippedVariants);
void ({"B":{"a":122}} satisfies zoo.SkippedVariants);
void ({"C":{"FIELD":178}} satisfies zoo.SkippedVariants);
// @ts-expect-error
void ({"C":{}} satisfies zoo.SkippedVariants);
// @ts-expect-error
void (true satisfies zoo.SkippedVariants);
// @ts-expect-error
void ({"7":7} satisfies zoo.SkippedVariants);
// @ts-expect-error
void ([7] satisfies zoo.SkippedVariants);
// @ts-expect-error
void ({"B":{}} satisfies zoo.SkippedVariants);
// @ts-expect-error
void ({"B":7} satisfies zoo.SkippedVariants);
// @ts-expect-error
void ({"C":"seven"} satisfies zoo.SkippedVariants);
// @ts-expect-error
void ("seven" satisfies zoo.SkippedVariants);

// zoo.Nested
void ({"Generic":{"list":[],"of":"One"}} satisfies zoo.Nested);
void ({"Result":{"Ok":157}} satisfies zoo.Nested);
void ({"Generic":{"list":["two!"],"of":"Three"}} satisfies zoo.Nested);
void ({"Boxed":{"named_fields":{"some_field":false}}} satisfies zoo.Nested);
// @ts-expect-error
void ({"Generic":{"list":[]}} satisfies zoo.Nested);
// @ts-expect-error
void ({"Generic":7} satisfies zoo.Nested);
// @ts-expect-error
void ({"Result":null} satisfies zoo.Nested);
// @ts-expect-error
void ({"Result":{"Ok":true}} satisfies zoo.Nested);
// @ts-expect-error
void ({"Generic":{"list":[null],"of":"Three"}} satisfies zoo.Nested);
// @ts-expect-error
void ("seven" satisfies zoo.Nested);
// @ts-expect-error
void ({"Boxed":7} satisfies zoo.Nested);
// @ts-expect-error
void ({"Boxed":{}} satisfies zoo.Nested);

// zoo.Numbers
void ({"a":237,"b":30946,"c":2466559451,"d":-210921863.125,"e":-490.625,"f":131745241,"g":-39,"h":-4024479970339521} satisfies zoo.Numbers);
void ({"a":68,"b":-13430,"c":3466830924,"d":-202159181.375,"e":754.75,"f":3882870459,"g":-57,"h":-3805336553707169} satisfies zoo.Numbers);
void ({"a":64,"b":24207,"c":2456453128,"d":253491805.75,"e":-2599.75,"f":209845214,"g":-88,"h":922675517999115} satisfies zoo.Numbers);
void ({"a":179,"b":-15572,"c":4097863819,"d":180268635.875,"e":-3760.5,"f":1111528964,"g":-57,"h":58796570801167} satisfies zoo.Numbers);
// @ts-expect-error
void ({"a":237,"b":30946,"c":{"7":7},"d":-210921863.125,"e":-490.625,"f":131745241,"g":-39,"h":-4024479970339521} satisfies zoo.Numbers);
// @ts-expect-error
void ({"a":237,"b":{"7":7},"c":2466559451,"d":-210921863.125,"e":-490.625,"f":131745241,"g":-39,"h":-4024479970339521} satisfies zoo.Numbers);
// @ts-expect-error
void ({"a":68,"b":-13430,"c":[7],"d":-202159181.375,"e":754.75,"f":3882870459,"g":-57,"h":-3805336553707169} satisfies zoo.Numbers);
// @ts-expect-error
void (7 satisfies zoo.Numbers);
// @ts-expect-error
void ({"a":64,"b":[7],"c":2456453128,"d":253491805.75,"e":-2599.75,"f":209845214,"g":-88,"h":922675517999115} satisfies zoo.Numbers);
// @ts-expect-error
void ({"a":{"7":7},"b":24207,"c":2456453128,"d":253491805.75,"e":-2599.75,"f":209845214,"g":-88,"h":922675517999115} satisfies zoo.Numbers);
// @ts-expect-error
void ({"a":179,"b":-15572,"c":4097863819,"d":180268635.875,"e":-3760.5,"f":"seven","g":-57,"h":58796570801167} satisfies zoo.Numbers);
// @ts-expect-error
void ({"a":179,"b":-15572,"c":4097863819,"d":180268635.875,"e":-3760.5,"f":[7],"g":-57,"h":58796570801167} satisfies zoo.Numbers);

// zoo.Texts
void ({"a":"𯿌","b":"","c":"adec:a6b7:9b38:8f25:b8a6:3750:7286:5279","d":"47.120.84.81","e":"e"} satisfies zoo.Texts);
void ({"a":"󍞄","b":"\u00141","c":"119.236.199.27","d":"247.46.82.153","e":"\u0004"} satisfies zoo.Texts);
void ({"a":"𖷲","b":"","c":"efc1:f97f:417b:cb05:dd2c:e9f5:f86f:b615","d":"65.255.60.104","e":""} satisfies zoo.Texts);
void ({"a":"񤿏","b":"","c":"197.249.114.154","d":"214.164.219.127","e":"ꁉ"} satisfies zoo.Texts);
// @ts-expect-error
void (true satisfies zoo.Texts);
// @ts-expect-error
void ({"a":"𯿌","b":"","c":"adec:a6b7:9b38:8f25:b8a6:3750:7286:5279","d":7,"e":"e"} satisfies zoo.Texts);
// @ts-expect-error
void ({"a":"󍞄","b":"\u00141","c":"119.236.199.27","d":"247.46.82.153","e":[7]} satisfies zoo.Texts);
// @ts-expect-error
void (null satisfies zoo.Texts);
// @ts-expect-error
void ({"a":"𖷲","b":"","c":"efc1:f97f:417b:cb05:dd2c:e9f5:f86f:b615","d":null,"e":""} satisfies zoo.Texts);
// @ts-expect-error
void ({"a":"𖷲","b":"","c":[7],"d":"65.255.60.104","e":""} satisfies zoo.Texts);
// @ts-expect-error
void ({"a":"񤿏","b":"","c":"197.249.114.154","d":"214.164.219.127","e":{"7":7}} satisfies zoo.Texts);
// @ts-expect-error
void ({"a":"񤿏","b":"","c":"197.249.114.154","d":"214.164.219.127","e":[7]} satisfies zoo.Texts);

// zoo.Pointers
void ({"a":150,"b":{"a":122,"b":"\u0019]\u0007KI","c":null},"c":[],"d":","} satisfies zoo.Pointers);
void ({"a":11,"b":{"a":10,"b":"","c":null},"c":[],"d":""} satisfies zoo.Pointers);
void ({"a":237,"b":{"a":137,"b":"։2&,#","c":true},"c":[false],"d":"ӸA"} satisfies zoo.Pointers);
void ({"a":70,"b":{"a":188,"b":"","c":null},"c":[false,true,true],"d":""} satisfies zoo.Pointers);
// @ts-expect-error
void ({"a":150,"b":true,"c":[],"d":","} satisfies zoo.Pointers);
// @ts-expect-error
void ({"a":150,"b":{"a":122,"b":"\u0019]\u0007KI","c":null},"c":"seven","d":","} satisfies zoo.Pointers);
// @ts-expect-error
void ({"a":11,"b":{"a":10,"b":"","c":[7]},"c":[],"d":""} satisfies zoo.Pointers);
// @ts-expect-error
void ({"a":11,"b":{"a":null,"b":"","c":null},"c":[],"d":""} satisfies zoo.Pointers);
// @ts-expect-error
void ({"a":237,"b":{"a":137,"b":"։2&,#","c":true},"c":[null],"d":"ӸA"} satisfies zoo.Pointers);
// @ts-expect-error
void ({"a":237,"b":{"a":137,"b":"։2&,#","c":{"7":7}},"c":[false],"d":"ӸA"} satisfies zoo.Pointers);
// @ts-expect-error
void ({"a":70,"b":{"a":188,"b":"","c":null},"c":[null,true,true],"d":""} satisfies zoo.Pointers);
// @ts-expect-error
void ({"a":70,"b":{"a":188,"b":"","c":null},"c":[[7],true,true],"d":""} satisfies zoo.Pointers);

// zoo.Options
void ({"a":null,"b":[],"c":null,"d":null} satisfies zoo.Options);
void ({"a":null,"b":["Three"],"c":null,"d":null} satisfies zoo.Options);
void ({"a":226,"b":[],"c":null,"d":null} satisfies zoo.Options);
void ({"a":215,"b":[null,null],"c":null,"d":null} satisfies zoo.Options);
// @ts-expect-error
void ({"a":null,"b":[],"c":7,"d":null} satisfies zoo.Options);
// @ts-expect-error
void ({"a":[7],"b":[],"c":null,"d":null} satisfies zoo.Options);
// @ts-expect-error
void ({"a":null,"b":[true],"c":null,"d":null} satisfies zoo.Options);
// @ts-expect-error
void ({"a":null,"b":["Three"],"c":null,"d":"seven"} satisfies zoo.Options);
// @ts-expect-error
void ({"a":226,"b":[],"c":[7],"d":null} satisfies zoo.Options);
// @ts-expect-error
void ({"a":"seven","b":[],"c":null,"d":null} satisfies zoo.Options);
// @ts-expect-error
void ({"a":215,"b":null,"c":null,"d":null} satisfies zoo.Options);
// @ts-expect-error
void ({"a":215,"b":[null,null],"c":true,"d":null} satisfies zoo.Options);

// zoo.Sequences
void ({"a":[165,71,240],"b":[184,"j"],"c":[],"d":[6],"e":[true],"f":[32],"g":[],"h":{"end":163,"start":37}} satisfies zoo.Sequences);
void ({"a":[75,58,91],"b":[107,"z"],"c":["pB)\u001f^"],"d":[],"e":[false],"f":[230],"g":[],"h":{"end":95,"start":7}} satisfies zoo.Sequences);
void ({"a":[76,17,28],"b":[222,"Y"],"c":["Y<^fN=",""],"d":[],"e":[],"f":[206],"g":[],"h":{"end":157,"start":8}} satisfies zoo.Sequences);
void ({"a":[240,7,89],"b":[64,""],"c":[],"d":[255],"e":[],"f":[207],"g":[],"h":{"end":84,"start":48}} satisfies zoo.Sequences);
// @ts-expect-error
void ({"a":[165,71,240],"b":[184,"j"],"c":[],"d":[6],"e":[true],"f":[32],"g":7,"h":{"end":163,"start":37}} satisfies zoo.Sequences);
// @ts-expect-error
void ({"a":[71,240],"b":[184,"j"],"c":[],"d":[6],"e":[true],"f":[32],"g":[],"h":{"end":163,"start":37}} satisfies zoo.Sequences);
// @ts-expect-error
void ({"a":[75,58,91],"b":[107,"z"],"d":[],"e":[false],"f":[230],"g":[],"h":{"end":95,"start":7}} satisfies zoo.Sequences);
// @ts-expect-error
void ({"a":{"7":7},"b":[107,"z"],"c":["pB)\u001f^"],"d":[],"e":[false],"f":[230],"g":[],"h":{"end":95,"start":7}} satisfies zoo.Sequences);
// @ts-expect-error
void ("seven" satisfies zoo.Sequences);
// @ts-expect-error
void ({"a":[76,17,28],"b":[222,"Y"],"c":["Y<^fN=",""],"d":[],"e":[],"f":"seven","g":[],"h":{"end":157,"start":8}} satisfies zoo.Sequences);
// @ts-expect-error
void ({"a":[240,7,89],"b":[64,""],"c":[],"d":[255],"e":[],"f":[207],"g":[],"h":{"end":84,"start":true}} satisfies zoo.Sequences);
// @ts-expect-error
void ({"a":[240,7,true],"b":[64,""],"c":[],"d":[255],"e":[],"f":[207],"g":[],"h":{"end":84,"start":48}} satisfies zoo.Sequences);

// zoo.Maps
void ({"a":{"":255,"ȓQ":160},"b":{},"c":{"One":115},"d":{},"e":{"-109":{"a":145,"b":"","c":true},"-21":{"a":12,"b":"","c":null}},"f":{}} satisfies zoo.Maps);
void ({"a":{"":167},"b":{"9281":true},"c":{},"d":{"蜓":[19184],"𧎦":[]},"e":{},"f":{}} satisfies zoo.Maps);
void ({"a":{"":148,"\u0015":143,"!r}":237,"q":149,"w":153},"b":{},"c":{},"d":{},"e":{"-52":{"a":124,"b":"kD","c":null}},"f":{}} satisfies zoo.Maps);
void ({"a":{"x":255},"b":{"20600":false,"52213":false},"c":{"One":63},"d":{},"e":{"-28":{"a":74,"b":"","c":null},"59":{"a":135,"b":"\u0014)","c":true}},"f":{"2129088149":142,"2129863322":15,"2596980443":91,"2877220411":172,"3277469779":17,"785677213":152}} satisfies zoo.Maps);
// @ts-expect-error
void ({"a":{"":255,"ȓQ":160},"b":{},"c":{"One":115},"d":{},"e":{"-109":{"a":145,"b":"","c":true},"-21":{"a":12,"b":"","c":null}},"f":"seven"} satisfies zoo.Maps);
// @ts-expect-error
void ({"a":{"":255,"ȓQ":{"7":7}},"b":{},"c":{"One":115},"d":{},"e":{"-109":{"a":145,"b":"","c":true},"-21":{"a":12,"b":"","c":null}},"f":{}} satisfies zoo.Maps);
// @ts-expect-error
void ({"a":{"":167},"b":{"9281":true},"c":{},"d":{"蜓":[19184],"𧎦":[]},"e":"seven","f":{}} satisfies zoo.Maps);
// @ts-expect-error
void ({"a":true,"b":{"9281":true},"c":{},"d":{"蜓":[19184],"𧎦":[]},"e":{},"f":{}} satisfies zoo.Maps);
// @ts-expect-error
void ({"a":{"":148,"\u0015":143,"!r}":237,"q":{"7":7},"w":153},"b":{},"c":{},"d":{},"e":{"-52":{"a":124,"b":"kD","c":null}},"f":{}} satisfies zoo.Maps);
// @ts-expect-error
void ({"a":true,"b":{},"c":{},"d":{},"e":{"-52":{"a":124,"b":"kD","c":null}},"f":{}} satisfies zoo.Maps);
// @ts-expect-error
void ({"a":{"x":255},"b":{"20600":false,"52213":false},"c":{"One":null},"d":{},"e":{"-28":{"a":74,"b":"","c":null},"59":{"a":135,"b":"\u0014)","c":true}},"f":{"2129088149":142,"2129863322":15,"2596980443":91,"2877220411":172,"3277469779":17,"785677213":152}} satisfies zoo.Maps);
// @ts-expect-error
void ({"a":{"x":255},"b":{"20600":false,"52213":false},"c":{"One":63},"d":{},"e":{"-28":true,"59":{"a":135,"b":"\u0014)","c":true}},"f":{"2129088149":142,"2129863322":15,"2596980443":91,"2877220411":172,"3277469779":17,"785677213":152}} satisfies zoo.Maps);

// zoo.Json
void ({"a":[null]} satisfies zoo.Json);
void ({"a":"\u000b"} satisfies zoo.Json);
void ({"a":{"":[]}} satisfies zoo.Json);
void ({"a":[]} satisfies zoo.Json);
// @ts-expect-error
void ({} satisfies zoo.Json);
// @ts-expect-error
void (7 satisfies zoo.Json);
// @ts-expect-error
void ("seven" satisfies zoo.Json);
// @ts-expect-error
void (true satisfies zoo.Json);
// @ts-expect-error
void (null satisfies zoo.Json);

// zoo.Chrono
void ({"a":"1971-08-23T02:49:12Z","b":"-219738-01-19","c":null} satisfies zoo.Chrono);
void ({"a":"2033-03-17T21:17:53Z","b":"+119338-02-08","c":"20:42:32.996623415"} satisfies zoo.Chrono);
void ({"a":"2078-12-22T00:40:04Z","b":"-198385-08-01","c":"21:02:25.788312106"} satisfies zoo.Chrono);
void ({"a":"2075-03-10T17:57:22Z","b":"-76969-05-21","c":"00:54:50.743707109"} satisfies zoo.Chrono);
// @ts-expect-error
void ({"b":"-219738-01-19","c":null} satisfies zoo.Chrono);
// @ts-expect-error
void ({"a":{"7":7},"b":"-219738-01-19","c":null} satisfies zoo.Chrono);
// @ts-expect-error
void (true satisfies zoo.Chrono);
// @ts-expect-error
void ({"a":"2033-03-17T21:17:53Z","b":"+119338-02-08","c":7} satisfies zoo.Chrono);
// @ts-expect-error
void ([7] satisfies zoo.Chrono);
// @ts-expect-error
void ({"a":"2078-12-22T00:40:04Z","b":7,"c":"21:02:25.788312106"} satisfies zoo.Chrono);
// @ts-expect-error
void ({"a":"2075-03-10T17:57:22Z","b":{"7":7},"c":"00:54:50.743707109"} satisfies zoo.Chrono);
// @ts-expect-error
void ({"a":"2075-03-10T17:57:22Z","b":7,"c":"00:54:50.743707109"} satisfies zoo.Chrono);

// zoo.Time
void ({"a":"2032-10-29T06:33:48Z"} satisfies zoo.Time);
void ({"a":"1993-08-25T02:35:39Z"} satisfies zoo.Time);
void ({"a":"2049-10-25T10:21:03Z"} satisfies zoo.Time);
void ({"a":"2011-01-31T00:57:53Z"} satisfies zoo.Time);
// @ts-expect-error
void (7 satisfies zoo.Time);
// @ts-expect-error
void ({"a":true} satisfies zoo.Time);
// @ts-expect-error
void ({"a":{"7":7}} satisfies zoo.Time);
// @ts-expect-error
void ({} satisfies zoo.Time);
// @ts-expect-error
void ({"a":[7]} satisfies zoo.Time);
// @ts-expect-error
void (null satisfies zoo.Time);
// @ts-expect-error
void (true satisfies zoo.Time);
// @ts-expect-error
void ([7] satisfies zoo.Time);

// zoo.Uuid
void ({"a":"113a39a4-9dad-4b67-bb2b-3797ab958275","b":{}} satisfies zoo.Uuid);
void ({"a":"bcffb59f-235c-4dc9-868f-3c0a174b434e","b":{}} satisfies zoo.Uuid);
void ({"a":"ba018ca1-ee80-4b5f-8f96-a5b53833945d","b":{"121cd050-993f-4844-b188-6e49d396eb85":58,"f2eeaaa5-089a-424f-b6c5-c33c512ea6c9":1}} satisfies zoo.Uuid);
void ({"a":"26f2dd09-e288-44fb-8687-55aa90addd37","b":{}} satisfies zoo.Uuid);
// @ts-expect-error
void (7 satisfies zoo.Uuid);
// @ts-expect-error
void ({"a":[7],"b":{}} satisfies zoo.Uuid);
// @ts-expect-error
void ({"a":"bcffb59f-235c-4dc9-868f-3c0a174b434e","b":true} satisfies zoo.Uuid);
// @ts-expect-error
void ({"a":"bcffb59f-235c-4dc9-868f-3c0a174b434e","b":7} satisfies zoo.Uuid);
// @ts-expect-error
void ({"a":"ba018ca1-ee80-4b5f-8f96-a5b53833945d","b":{"121cd050-993f-4844-b188-6e49d396eb85":null,"f2eeaaa5-089a-424f-b6c5-c33c512ea6c9":1}} satisfies zoo.Uuid);
// @ts-expect-error
void ({"a":"ba018ca1-ee80-4b5f-8f96-a5b53833945d","b":7} satisfies zoo.Uuid);
// @ts-expect-error
void ({"a":null,"b":{}} satisfies zoo.Uuid);
// @ts-expect-error
void ({"a":"26f2dd09-e288-44fb-8687-55aa90addd37"} satisfies zoo.Uuid);

// zoo.Url
void ({"a":"https://example.com/62811"} satisfies zoo.Url);
void ({"a":"https://example.com/38962"} satisfies zoo.Url);
void ({"a":"https://example.com/32221"} satisfies zoo.Url);
void ({"a":"https://example.com/1861"} satisfies zoo.Url);
// @ts-expect-error
void (null satisfies zoo.Url);
// @ts-expect-error
void ({"a":null} satisfies zoo.Url);
// @ts-expect-error
void ({"a":[7]} satisfies zoo.Url);
// @ts-expect-error
void ({"a":7} satisfies zoo.Url);
// @ts-expect-error
void ({} satisfies zoo.Url);
// @ts-expect-error
void (true satisfies zoo.Url);
// @ts-expect-error
void ({"a":true} satisfies zoo.Url);
// @ts-expect-error
void ([7] satisfies zoo.Url);

// zoo.Decimal
void ({"a":"-5235.155814783737008"} satisfies zoo.Decimal);
void ({"a":"504392508017249554.9"} satisfies zoo.Decimal);
void ({"a":"-14385467.70895949551"} satisfies zoo.Decimal);
void ({"a":"5203812.222067270725"} satisfies zoo.Decimal);
// @ts-expect-error
void ({"a":{"7":7}} satisfies zoo.Decimal);
// @ts-expect-error
void ({"a":[7]} satisfies zoo.Decimal);
// @ts-expect-error
void (true satisfies zoo.Decimal);
// @ts-expect-error
void ({"a":null} satisfies zoo.Decimal);
// @ts-expect-error
void (7 satisfies zoo.Decimal);
// @ts-expect-error
void (null satisfies zoo.Decimal);
// @ts-expect-error
void ({} satisfies zoo.Decimal);
// @ts-expect-error
void ({"a":true} satisfies zoo.Decimal);

// zoo.IndexMap
void ({"a":{"":232}} satisfies zoo.IndexMap);
void ({"a":{}} satisfies zoo.IndexMap);
void ({"a":{"":142}} satisfies zoo.IndexMap);
void ({"a":{"":235,"\u00040":155,"K)Rj\u0018a":183,"]꥔位Z":164}} satisfies zoo.IndexMap);
// @ts-expect-error
void ({"a":true} satisfies zoo.IndexMap);
// @ts-expect-error
void (null satisfies zoo.IndexMap);
// @ts-expect-error
void ("seven" satisfies zoo.IndexMap);
// @ts-expect-error
void ({"a":[7]} satisfies zoo.IndexMap);
// @ts-expect-error
void ([7] satisfies zoo.IndexMap);
// @ts-expect-error
void ({"a":"seven"} satisfies zoo.IndexMap);
// @ts-expect-error
void ({"a":{"":235,"\u00040":155,"K)Rj\u0018a":"seven","]꥔位Z":164}} satisfies zoo.IndexMap);
// @ts-expect-error
void ({"a":{"":235,"\u00040":[7],"K)Rj\u0018a":183,"]꥔位Z":164}} satisfies zoo.IndexMap);

// zoo.StdDuration
void ({"a":{"nanos":996737956,"secs":843221994892525245}} satisfies zoo.StdDuration);
void ({"a":{"nanos":142385218,"secs":14468765648933123901}} satisfies zoo.StdDuration);
void ({"a":{"nanos":752113238,"secs":11190294828014199627}} satisfies zoo.StdDuration);
void ({"a":{"nanos":559453077,"secs":1725504522202528676}} satisfies zoo.StdDuration);
// @ts-expect-error
void ({"a":{"nanos":996737956}} satisfies zoo.StdDuration);
// @ts-expect-error
void ({"a":7} satisfies zoo.StdDuration);
// @ts-expect-error
void ({"a":{"nanos":[7],"secs":14468765648933123901}} satisfies zoo.StdDuration);
// @ts-expect-error
void ({} satisfies zoo.StdDuration);
// @ts-expect-error
void ({"a":{"nanos":752113238,"secs":{"7":7}}} satisfies zoo.StdDuration);
// @ts-expect-error
void ({"a":{"nanos":752113238,"secs":null}} satisfies zoo.StdDuration);
// @ts-expect-error
void ({"a":"seven"} satisfies zoo.StdDuration);
// @ts-expect-error
void (true satisfies zoo.StdDuration);
