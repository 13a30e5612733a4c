using System.Text.Json;
using Parley.Client.Wire;

namespace Parley.Server.OpenApi;

/// <summary>The example bodies of the OpenAPI document: typed, so that they stay true.</summary>
internal static class Examples
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly Guid Id = new("01957e3a-5b7c-7d10-8f2a-3c4d5e6f7a8b");
    private static readonly Guid Other = new("01957e3a-5b7c-7d10-8f2a-000000000002");
    private const string Cursor = "3f9a1c2e-7";

    public static readonly SendRequest Send = new() { To = "aaron", Type = "request", Content = "Can you review the login form?", Key = "review-42" };

    public static readonly SendResponse Sent = new()
    {
        Verdict = "accepted", Duplicate = false, MessageId = Id, ConversationId = Other, Number = 12, Deliveries = [new DeliveryOutcome($"{Id}:aaron", "aaron", "pending", null)],
        DeliveryCount = 1, CreditsLeft = 29, WindowResetAt = At.AddHours(6), Durability = "disk", CreatedAt = At,
    };

    public static readonly MessageView Message = new()
    {
        Id = Id, Type = "request", MessageType = "request", Content = "Can you review the login form?", Metadata = JsonElement.Parse("{}"), From = "tesla", FromKind = "agent",
        SenderAgentId = "tesla", SenderAgentType = "frontend", AgentType = "frontend", ConversationId = Other, ConversationKind = "direct", Number = 12, IsPeerDm = true,
        Mentions = [], RootId = Id, Depth = 0, CreatedAt = At,
    };

    public static readonly MessagePage Messages = new([Message], "12");

    public static readonly MessageStatus Status = new(
        Id, "accepted", null,
        [new DeliveryView { DeliveryId = $"{Id}:aaron", Recipient = "aaron", State = "acknowledged", Attempts = 1, Changes = [new StateChange("accepted", At), new StateChange("acknowledged", At.AddSeconds(2))] }],
        1);

    public static readonly ListOf<ConversationView> Conversations = new([new ConversationView(Other, "direct", "aaron, tesla", null, 12, At)]);

    public static readonly InboxPage Inbox = new([Message with { InboxNumber = 7, Cursor = Cursor, State = "pending", Attempts = 0 }], Cursor, "3f9a1c2e-6", 7, 1);

    public static readonly SqlRoleView SqlRole = new("parley_default_tesla", "kq…", "PGPASSWORD='kq…' psql \"host=db.example.org dbname=parley user=parley_default_tesla\"");

    public static readonly RestoredView Restored = new(At, 400_021, "3f9a1c2e");

    public static readonly ListOf<DoctorFinding> Findings = new([new DoctorFinding("health", "ok", "The database reads and writes.", "")]);

    public static readonly AckRequest Ack = new(Cursor);

    public static readonly AckResponse Acked = new(Cursor, 1, 0, "disk");

    public static readonly RejectRequest Reject = new("The attached plan is empty.");

    public static readonly AddAgentRequest AddAgent = new("tesla", "frontend", "Builds the web client", Aliases: ["nikola"], Skills: ["typescript", "code-review"]);

    public static readonly EditAgentRequest EditAgent = new(Hold: true, Skills: ["typescript", "code-review"]);

    public static readonly ActivityRequest Activity = new("busy");

    public static readonly AgentView Agent = new(Id, "tesla", "external", "frontend", "Builds the web client", false, false, true, At, 0, ["nikola"], ["typescript", "code-review"]);

    public static readonly ListOf<AgentView> Agents = new([Agent]);

    public static readonly ListOf<DoorView> Doors = new([new DoorView("webhook", "ready", At, Detail: "build-done"), new DoorView("websocket", "open", At, At, 1)]);

    public static readonly CreateLinkRequest CreateLink = new("tesla", "aaron", new LinkSettingsPatch(MessagesPerWindow: 30, WindowHours: 6));

    public static readonly LinkSettingsPatch EditLink = new(MessagesPerWindow: 60);

    public static readonly LinkView Link = new()
    {
        Id = Id, Agent = "tesla", Peer = "aaron", ConversationId = Other, MessagesPerWindow = 30, WindowHours = 6, DebounceSeconds = 5, StrictDebounce = false, PreferredEndpoint = "",
        Enabled = true, Hold = false, Halted = false, CreditsRemaining = 29, WindowResetAt = At.AddHours(6), LastMessageAt = At, Waiting = 0, CreatedAt = At,
    };

    public static readonly ListOf<LinkView> Links = new([Link]);

    public static readonly NameRequest NewProject = new("webshop");

    public static readonly ProjectView Project = new(Id, "webshop", At);

    public static readonly ListOf<ProjectView> Projects = new([Project]);

    public static readonly NameRequest NewChannel = new("frontend");

    public static readonly ChannelView Channel = new(Other, Id, "webshop", "frontend", 12, ["aaron", "tesla"]);

    public static readonly ListOf<ChannelView> Channels = new([Channel]);

    public static readonly MemberRequest Join = new("tesla");

    public static readonly LeaseRequest Announce = new(["src/login/**"], true, "Reworking the login form", 900);

    public static readonly ExtendRequest Extend = new(900);

    public static readonly LeaseView Lease = new(Id, "tesla", ["src/login/**"], true, "Reworking the login form", At, At.AddMinutes(15), [new LeaseOverlap(Other, "aaron", ["src/login/form.ts"])]);

    public static readonly ListOf<LeaseView> Leases = new([Lease]);

    public static readonly AddUserRequest AddUser = new("maria", "member");

    public static readonly UserView User = new(Id, "maria", "member", At);

    public static readonly ListOf<UserView> Users = new([User]);

    public static readonly IssueTokenRequest IssueToken = new(Agent: "tesla", Label: "laptop", ExpiresInDays: 90);

    public static readonly TokenView Token = new(Id, "laptop", "pa_Zk3f", "tesla", null, ["read", "send"], At, At.AddDays(90), null);

    public static readonly IssuedToken IssuedToken = new(Token, "pa_…");

    public static readonly ListOf<TokenView> Tokens = new([Token]);

    public static readonly FeatureSwitches Features = new(true, true, true, true, true);

    public static readonly FeatureSwitches SetFeatures = new(PeerMessaging: false);

    public static readonly ListOf<AuditView> Audit = new([new AuditView(At, "user:owner", "link.create", "tesla:aaron", "allowed")]);

    public static readonly HaltRequest Halt = new("agent", "tesla", "Sends nonsense");

    public static readonly HaltView Halted = new("agent", "tesla", "Sends nonsense", "owner", At, true);

    public static readonly ListOf<HaltView> Halts = new([Halted]);

    public static readonly NodeView Node = new("db1:4711", "alive", "0.1.0", "http://127.0.0.1:7275", At, At.AddMinutes(5), 3, 64, 12, 0, null, Answering: true);

    public static readonly NodeView DrainedNode = Node with { State = "draining", Turns = 0, Connections = 0, DrainingSince = At.AddMinutes(4) };

    public static readonly ListOf<NodeView> Nodes = new([Node]);

    public static readonly ListOf<HeldMessage> Holds = new([new HeldMessage(Message with { Withheld = "held" }, ["aaron"])]);

    public static readonly HoldRulesView HoldRules = new(["request"], ["tesla"], [new HeldLink(Id, "tesla", "aaron")]);

    public static readonly HoldDecision Approve = new(Content: "Can you review the login form today?");

    public static readonly HoldDecision Refuse = new(Reason: "Aaron is on another task.");

    public static readonly ListOf<AttentionView> Attention = new([new AttentionView(Id, "reply_overdue", "'aaron' owes 'tesla' a reply.", Other, At)]);

    public static readonly ListOf<ObligationView> Obligations = new([new ObligationView(Id, "aaron", At.AddHours(1), null)]);

    public static readonly ListOf<DeliveryView> Dead = new(
        [new DeliveryView { DeliveryId = $"{Id}:aaron", Recipient = "aaron", State = "dead", Attempts = 2, Reason = "The attached plan is empty.", Changes = [new StateChange("accepted", At), new StateChange("dead", At.AddSeconds(9))] }]);

    public static readonly ConfigView Config = new(
        "/etc/parley/parley.json", [new SettingView("agents.defaults.subagents.maxConcurrent", System.Text.Json.JsonSerializer.SerializeToElement(10, WireJson.Default.Int32), "10", "file", "/etc/parley/parley.json", 12)],
        [new ConfigFaultView("agents.defaults.subagents.maxChildrenPerAgent", "/etc/parley/parley.json", 14, 32, "11 is not a whole number from 1 to 10.", "Write a whole number from 1 to 10, or leave the key out.")]);
    public static readonly ServerInfo Server = new("0.1.0", "sqlite", "disk", "3f9a1c2e", At, 2, "ready");

    public static readonly Me Me = new("agent", "tesla", "default", "member", ["read", "send"]);
}
